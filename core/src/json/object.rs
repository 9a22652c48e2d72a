//! An object of which single fields are read: answers of services tell more than anybody here shows.

use super::{Fields, FromJson, Json, Misfits};

/// An object while its fields are read, one after the other.
#[derive(Debug)]
pub struct Object<'j, 'm> {
    fields: Fields<'j>,
    misfits: &'m mut Misfits,
}

impl Json<'_> {
    /// Its fields; none if it is something else than an object, which is noted.
    pub fn object<'j, 'm>(&'j self, misfits: &'m mut Misfits) -> Object<'j, 'm> {
        Object {
            fields: self.fields(misfits),
            misfits,
        }
    }
}

impl<'j> Object<'j, '_> {
    /// The value of a field, which must be there unless it may be absent.
    pub fn get<T: FromJson>(&mut self, name: &str) -> T {
        self.fields.get(&[name], self.misfits)
    }

    /// The value of a field, or what stands for none: also where it is `null`.
    pub fn or_default<T: FromJson + Default>(&mut self, name: &str) -> T {
        self.get::<Option<T>>(name).unwrap_or_default()
    }

    /// The word in a field, which must be there.
    pub fn word(&mut self, name: &str) -> &'j str {
        self.fields.tag(name, self.misfits).0
    }

    /// The field of a name, whatever it is.
    pub fn find(&self, name: &str) -> Option<&'j Json<'j>> {
        self.fields.find(&[name])
    }

    /// The object in a field, which must be there.
    pub fn object<'m>(&'m mut self, name: &str) -> Object<'j, 'm> {
        let json = self.fields.required(&[name], false, self.misfits);
        json.object(self.misfits)
    }

    /// The objects of the list in a field, which must be there, each as `read` reads it.
    pub fn list<T>(
        &mut self,
        name: &str,
        read: &mut dyn FnMut(&mut Object<'_, '_>) -> T,
    ) -> Vec<T> {
        let json = self.fields.required(&[name], false, self.misfits);
        json.list(self.misfits, read)
    }

    /// The objects of the list in a field, which may be absent.
    pub fn list_or_none<T>(
        &mut self,
        name: &str,
        read: &mut dyn FnMut(&mut Object<'_, '_>) -> T,
    ) -> Vec<T> {
        match self.find(name) {
            None | Some(Json::Null) => Vec::new(),
            Some(json) => json.list(self.misfits, read),
        }
    }
}

impl Json<'_> {
    /// The objects of a list, each as `read` reads it.
    pub fn list<T>(
        &self,
        misfits: &mut Misfits,
        read: &mut dyn FnMut(&mut Object<'_, '_>) -> T,
    ) -> Vec<T> {
        let mut list = Vec::new();
        self.each(misfits, &mut |entry, misfits| {
            list.push(read(&mut entry.object(misfits)));
        });
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text that may be absent, a list that may be, one that may not, and what did not fit.
    fn read(text: &str) -> (String, Vec<String>, Vec<String>, Option<String>) {
        let json = Json::parse(text.as_bytes()).unwrap();
        let mut misfits = Misfits::default();
        let mut it = json.object(&mut misfits);
        let mut name = |it: &mut Object<'_, '_>| it.get("name");
        let read = (
            it.or_default("text"),
            it.list_or_none("some", &mut name),
            it.list("all", &mut name),
        );
        let misfit = misfits.first().map(|misfit| misfit.told(&json));
        (read.0, read.1, read.2, misfit)
    }

    #[test]
    fn what_may_be_absent_may_be_null() {
        for text in [r#"{"all":[]}"#, r#"{"text":null,"some":null,"all":[]}"#] {
            assert_eq!(read(text), (String::new(), vec![], vec![], None), "{text}");
        }
        let text = r#"{"text":"a","some":[{"name":"b"}],"all":[{"name":"c"}]}"#;
        let (b, c) = (vec!["b".to_owned()], vec!["c".to_owned()]);
        assert_eq!(read(text), ("a".to_owned(), b, c, None));
    }

    #[test]
    fn what_does_not_fit_is_named_with_its_place() {
        for (text, misfit) in [
            ("7", "expected an object, found a number"),
            ("{}", "missing field `all`"),
            (r#"{"all":null}"#, "all: expected a list, found null"),
            (
                r#"{"all":[],"text":7}"#,
                "text: expected a text, found a number",
            ),
            (
                r#"{"all":[],"some":{}}"#,
                "some: expected a list, found an object",
            ),
            (
                r#"{"all":[{"name":"a"},{}]}"#,
                "all[1]: missing field `name`",
            ),
            (
                r#"{"all":[[]]}"#,
                "all[0]: expected an object, found a list",
            ),
        ] {
            assert_eq!(read(text).3.as_deref(), Some(misfit), "{text}");
        }
    }

    #[test]
    fn an_object_in_an_object_must_be_there() {
        let json = Json::parse(br#"{"in":{"name":"a"}}"#).unwrap();
        let mut misfits = Misfits::default();
        let mut it = json.object(&mut misfits);
        assert_eq!(it.object("in").word("name"), "a");
        assert_eq!(it.object("out").word("name"), "");
        let misfit = misfits.first().unwrap();
        assert_eq!(misfit.told(&json), "missing field `out`");
    }
}
