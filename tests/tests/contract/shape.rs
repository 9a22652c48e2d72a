//! Shapes of JSON: which fields there are, of which kind, and which are always there.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

/// The shape of one value, or of several at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    text: bool,
    number: bool,
    flag: bool,
    null: bool,
    /// What stands in lists.
    list: Option<Box<Shape>>,
    /// Fields of objects, each with how often it is there.
    fields: BTreeMap<String, (Shape, usize)>,
    objects: usize,
}

impl Shape {
    /// The shape of all values together.
    pub(crate) fn of<'v>(values: impl IntoIterator<Item = &'v Value>) -> Self {
        let mut shape = Self::default();
        for value in values {
            shape.take(value);
        }
        shape
    }

    fn take(&mut self, value: &Value) {
        match value {
            Value::String(_) => self.text = true,
            Value::Number(_) => self.number = true,
            Value::Bool(_) => self.flag = true,
            Value::Null => self.null = true,
            Value::Array(items) => {
                let list = self.list.get_or_insert_default();
                for item in items {
                    list.take(item);
                }
            }
            Value::Object(fields) => {
                self.objects += 1;
                for (key, value) in fields {
                    let (shape, times) = self.fields.entry(key.clone()).or_default();
                    shape.take(value);
                    *times += 1;
                }
            }
        }
    }

    /// Where this shape says or lacks something which the other, the recorded one, does not.
    pub(crate) fn misfits(&self, recorded: &Self) -> Vec<Misfit> {
        let mut misfits = Vec::new();
        self.fit(recorded, "", &mut misfits);
        misfits
    }

    fn fit(&self, recorded: &Self, place: &str, misfits: &mut Vec<Misfit>) {
        let mut misfit = |what| {
            misfits.push(Misfit {
                place: place.to_owned(),
                what,
            });
        };
        for (here, there, kind) in [
            (self.text, recorded.text, "a text"),
            (self.number, recorded.number, "a number"),
            (self.flag, recorded.flag, "a yes or no"),
            (self.null, recorded.null, "null"),
            (self.list.is_some(), recorded.list.is_some(), "a list"),
            (self.objects > 0, recorded.objects > 0, "an object"),
        ] {
            if here && !there {
                misfit(kind);
            }
        }
        if let (Some(here), Some(there)) = (&self.list, &recorded.list) {
            here.fit(there, &format!("{place}[]"), misfits);
        }
        for (key, (shape, _)) in &self.fields {
            let place = format!("{place}.{key}");
            match recorded.fields.get(key) {
                Some((there, _)) => shape.fit(there, &place, misfits),
                None => misfits.push(Misfit {
                    place,
                    what: "a field of its own",
                }),
            }
        }
        for (key, (_, times)) in &recorded.fields {
            let here = self.fields.get(key).map_or(0, |(_, times)| *times);
            if *times == recorded.objects && here < self.objects {
                misfits.push(Misfit {
                    place: format!("{place}.{key}"),
                    what: "missing now and then",
                });
            }
        }
    }
}

/// Where two shapes differ.
#[derive(PartialEq, Eq)]
pub(crate) struct Misfit {
    place: String,
    what: &'static str,
}

impl fmt::Debug for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}", self.place, self.what)
    }
}

mod tests {
    use serde_json::json;

    use super::Shape;

    fn misfits(here: serde_json::Value, recorded: &[serde_json::Value]) -> Vec<String> {
        Shape::of([&here])
            .misfits(&Shape::of(recorded))
            .iter()
            .map(|it| format!("{it:?}"))
            .collect()
    }

    #[test]
    fn fields_may_be_absent_where_they_were_once() {
        let recorded = [json!({"a": 1, "b": "x"}), json!({"a": 2})];
        assert!(misfits(json!({"a": 7}), &recorded).is_empty());
        assert_eq!(
            misfits(json!({"b": "y"}), &recorded),
            [".a is missing now and then"]
        );
    }

    #[test]
    fn kinds_and_new_fields_are_told() {
        let recorded = [json!({"list": [{"n": 1}]})];
        assert_eq!(
            misfits(
                json!({"list": [{"n": "1", "m": null}, {"n": 2}]}),
                &recorded
            ),
            [".list[].m is a field of its own", ".list[].n is a text"]
        );
        assert_eq!(misfits(json!([]), &recorded), [" is a list"]);
    }
}
