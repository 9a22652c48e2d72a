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
