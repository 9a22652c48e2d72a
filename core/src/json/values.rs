//! Values that are no structs.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{FromJson, Json, Misfits};

impl FromJson for String {
    fn read_from(json: &Json<'_>, misfits: &mut Misfits) -> Self {
        json.word(misfits).to_owned()
    }
}

impl FromJson for char {
    fn read_from(json: &Json<'_>, misfits: &mut Misfits) -> Self {
        let mut letters = json.word(misfits).chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => letter,
            _ => {
                misfits.expected("one character", json);
                '\0'
            }
        }
    }
}

impl FromJson for bool {
    fn read_from(json: &Json<'_>, misfits: &mut Misfits) -> Self {
        match json {
            Json::Bool(value) => *value,
            other => {
                misfits.expected("a yes or no", other);
                false
            }
        }
    }
}

impl FromJson for f64 {
    fn read_from(json: &Json<'_>, misfits: &mut Misfits) -> Self {
        let read = match json {
            Json::Number(text) => text.parse().ok(),
            Json::Whole(value) => value.to_string().parse().ok(),
            Json::Negative(value) => value.to_string().parse().ok(),
            _ => None,
        };
        read.unwrap_or_else(|| {
            misfits.expected("a number", json);
            0.0
        })
    }
}

/// A whole number from `least` to `most`.
#[inline(never)]
fn whole(json: &Json<'_>, least: i64, most: u64, misfits: &mut Misfits) -> i128 {
    let wanted = match json {
        Json::Whole(value) if *value <= most => return i128::from(*value),
        Json::Negative(value) if *value >= least => return i128::from(*value),
        Json::Whole(_) | Json::Negative(_) => "a smaller number",
        _ => "a whole number",
    };
    misfits.expected(wanted, json);
    0
}

macro_rules! integers {
    ($($integer:ty),+) => {$(
        impl FromJson for $integer {
            fn read_from(json: &Json<'_>, misfits: &mut Misfits) -> Self {
                let least = Self::MIN as i64;
                whole(json, least, Self::MAX as u64, misfits) as Self
            }
        }
    )+};
}

integers!(u8, u16, u32, u64, usize, i32, i64);

impl<T: FromJson> FromJson for Option<T> {
    const MAY_BE_ABSENT: bool = true;

    fn read_from(json: &Json<'_>, misfits: &mut Misfits) -> Self {
        match json {
            Json::Null => None,
            some => Some(T::read_from(some, misfits)),
        }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn read_from(json: &Json<'_>, misfits: &mut Misfits) -> Self {
        let mut list = Self::new();
        json.each(misfits, &mut |entry, misfits| {
            list.push(T::read_from(entry, misfits));
        });
        list
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn read_from(json: &Json<'_>, misfits: &mut Misfits) -> Self {
        Self::new(T::read_from(json, misfits))
    }
}

impl<T: FromJson> FromJson for Rc<T> {
    fn read_from(json: &Json<'_>, misfits: &mut Misfits) -> Self {
        Self::new(T::read_from(json, misfits))
    }
}

impl<A: FromJson, B: FromJson> FromJson for (A, B) {
    fn read_from(json: &Json<'_>, misfits: &mut Misfits) -> Self {
        let (first, second) = match json {
            Json::List(entries) if entries.len() == 2 => (&entries[0], &entries[1]),
            other => {
                misfits.expected("a list of two", other);
                (&Json::Null, &Json::Null)
            }
        };
        (A::read_from(first, misfits), B::read_from(second, misfits))
    }
}

impl<T: FromJson> FromJson for BTreeMap<String, T> {
    fn read_from(json: &Json<'_>, misfits: &mut Misfits) -> Self {
        let mut map = Self::new();
        for (name, value) in json.fields(misfits).pairs {
            if misfits.is_any() {
                break;
            }
            map.insert(name.clone().into_owned(), T::read_from(value, misfits));
        }
        map
    }
}
