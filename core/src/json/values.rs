//! Values that are no structs.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{FromJson, Json, Misfit};

impl FromJson for String {
    fn from_json(json: &Json<'_>) -> Result<Self, Misfit> {
        json.word().map(str::to_owned)
    }
}

impl FromJson for char {
    fn from_json(json: &Json<'_>) -> Result<Self, Misfit> {
        let mut letters = json.word()?.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => Ok(letter),
            _ => Err(Misfit::expected("one character", json)),
        }
    }
}

impl FromJson for bool {
    fn from_json(json: &Json<'_>) -> Result<Self, Misfit> {
        match json {
            Json::Bool(value) => Ok(*value),
            other => Err(Misfit::expected("a yes or no", other)),
        }
    }
}

impl FromJson for f64 {
    fn from_json(json: &Json<'_>) -> Result<Self, Misfit> {
        let read = match json {
            Json::Number(text) => text.parse().ok(),
            Json::Whole(value) => value.to_string().parse().ok(),
            Json::Negative(value) => value.to_string().parse().ok(),
            _ => None,
        };
        read.ok_or_else(|| Misfit::expected("a number", json))
    }
}

macro_rules! integers {
    ($($integer:ty),+) => {$(
        impl FromJson for $integer {
            fn from_json(json: &Json<'_>) -> Result<Self, Misfit> {
                let read = match json {
                    Json::Whole(value) => Self::try_from(*value).ok(),
                    Json::Negative(value) => Self::try_from(*value).ok(),
                    other => return Err(Misfit::expected("a whole number", other)),
                };
                read.ok_or_else(|| Misfit::expected("a smaller number", json))
            }
        }
    )+};
}

integers!(u8, u16, u32, u64, usize, i32, i64);

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Json<'_>) -> Result<Self, Misfit> {
        match json {
            Json::Null => Ok(None),
            some => T::from_json(some).map(Some),
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Json<'_>) -> Result<Self, Misfit> {
        let Json::List(entries) = json else {
            return Err(Misfit::expected("a list", json));
        };
        let mut list = Self::with_capacity(entries.len());
        for entry in entries {
            list.push(T::from_json(entry)?);
        }
        Ok(list)
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn from_json(json: &Json<'_>) -> Result<Self, Misfit> {
        T::from_json(json).map(Self::new)
    }
}

impl<T: FromJson> FromJson for Rc<T> {
    fn from_json(json: &Json<'_>) -> Result<Self, Misfit> {
        T::from_json(json).map(Self::new)
    }
}

impl<A: FromJson, B: FromJson> FromJson for (A, B) {
    fn from_json(json: &Json<'_>) -> Result<Self, Misfit> {
        match json {
            Json::List(entries) if entries.len() == 2 => {
                Ok((A::from_json(&entries[0])?, B::from_json(&entries[1])?))
            }
            other => Err(Misfit::expected("a list of two", other)),
        }
    }
}

impl<T: FromJson> FromJson for BTreeMap<String, T> {
    fn from_json(json: &Json<'_>) -> Result<Self, Misfit> {
        let Json::Object(pairs) = json else {
            return Err(Misfit::expected("an object", json));
        };
        let mut map = Self::new();
        for (name, value) in pairs {
            map.insert(name.clone().into_owned(), T::from_json(value)?);
        }
        Ok(map)
    }
}
