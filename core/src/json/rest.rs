//! What a service writes and nobody here knows: kept, so that nothing is lost on the way back.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Fields, FromJson, Json, Misfits, ToJson, Writer};

/// The fields of an object that none of its struct's own are called by, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rest(pub Vec<(Cow<'static, str>, Json<'static>)>);

impl Rest {
    /// The field of a name.
    pub fn get(&self, name: &str) -> Option<&Json<'static>> {
        let found = self.0.iter().rfind(|(key, _)| key == name);
        found.map(|(_, value)| value)
    }
}

impl FromJson for Rest {
    fn read_from(json: &Json<'_>, misfits: &mut Misfits) -> Self {
        Self::flat(json.fields(misfits), &[], misfits)
    }

    /// What no neighbour is called by.
    fn flat(fields: Fields<'_>, known: &[&str], _: &mut Misfits) -> Self {
        let others = fields.pairs.iter();
        let others = others.filter(|(name, _)| !known.contains(&name.as_ref()));
        Self(others.map(owned).collect())
    }
}

fn owned((name, value): &(Cow<'_, str>, Json<'_>)) -> (Cow<'static, str>, Json<'static>) {
    (Cow::Owned(name.clone().into_owned()), value.to_static())
}

impl ToJson for Rest {
    fn to_json(&self, to: &mut Writer) {
        to.open('{');
        self.fields(to);
        to.close('}');
    }

    fn fields(&self, to: &mut Writer) {
        for (name, value) in &self.0 {
            to.field(name, value);
        }
    }
}

impl Json<'_> {
    /// The same, and borrowed from nowhere.
    pub fn to_static(&self) -> Json<'static> {
        match self {
            Json::Null => Json::Null,
            Json::Bool(value) => Json::Bool(*value),
            Json::Whole(number) => Json::Whole(*number),
            Json::Negative(number) => Json::Negative(*number),
            Json::Number(text) => Json::Number(Cow::Owned(text.clone().into_owned())),
            Json::Text(text) => Json::Text(Cow::Owned(text.clone().into_owned())),
            Json::List(entries) => Json::List(entries.iter().map(Json::to_static).collect()),
            Json::Object(pairs) => Json::Object(pairs.iter().map(owned).collect()),
        }
    }
}

impl FromJson for Json<'static> {
    fn read_from(json: &Json<'_>, _: &mut Misfits) -> Self {
        json.to_static()
    }
}

impl Serialize for Rest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Whole(number) => serializer.serialize_u64(*number),
            Self::Negative(number) => serializer.serialize_i64(*number),
            Self::Number(text) => {
                let number = text.parse::<f64>().map_err(serde::ser::Error::custom)?;
                serializer.serialize_f64(number)
            }
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(entries) => serializer.collect_seq(entries),
            Self::Object(pairs) => {
                serializer.collect_map(pairs.iter().map(|(name, it)| (name, it)))
            }
        }
    }
}

/// For those who have the fields from serde.
impl From<serde_json::Map<String, serde_json::Value>> for Rest {
    fn from(fields: serde_json::Map<String, serde_json::Value>) -> Self {
        let fields = fields.into_iter();
        Self(fields.map(|(name, it)| (name.into(), it.into())).collect())
    }
}

impl From<serde_json::Value> for Json<'static> {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value;
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(whole), _) => Self::Whole(whole),
                (None, Some(negative)) => Self::Negative(negative),
                (None, None) => Self::Number(number.to_string().into()),
            },
            Value::String(text) => Self::Text(text.into()),
            Value::Array(entries) => Self::List(entries.into_iter().map(Self::from).collect()),
            Value::Object(fields) => Self::Object(Rest::from(fields).0),
        }
    }
}
