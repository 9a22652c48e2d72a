//! Users as JSON, in any shape that the vendors' APIs and CLIs, our own export or a script give them, as a table.

use std::borrow::Cow;

use super::columns::Column;
use super::{ROLE_SEPARATOR, trim_edges};
use crate::export;
use crate::json::{Json, to_text};

/// How deep a list of people may lie in other things: `{"data": {"users": […]}}`.
const DEPTH: usize = 3;

/// A list of people in JSON as CSV with the columns `email`, `id`, `name` and `role`, which [`read`](super::read) reads;
/// nothing if the text is no JSON or names nobody.
///
/// The list may be of addresses or of objects, a line each or in brackets, and may lie in an object. Of an object
/// those fields count that a table's header would name, and else the first one with an address in it. Whoever has
/// neither address nor id is a row with neither: nothing is dropped.
///
/// # Example
///
/// ```
/// use rolecall_core::recipients::from_json;
///
/// let text = r#"{"users": [{"fullName": "Ann", "email": "ann@b.example", "orgRole": "ORGANIZATION_OWNER"}]}"#;
/// let table = "email,id,name,role\r\nann@b.example,,Ann,ORGANIZATION_OWNER\r\n";
/// assert_eq!(from_json(text).as_deref(), Some(table));
/// ```
pub fn from_json(text: &str) -> Option<String> {
    let text = trim_edges(text).1;
    if !text.starts_with(['[', '{']) {
        return None;
    }
    let parsed = match Json::parse(text.as_bytes()) {
        Ok(json) => json,
        // an object a line
        Err(_) => {
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            let objects: Result<_, _> = lines.map(|line| Json::parse(line.as_bytes())).collect();
            Json::List(objects.ok()?)
        }
    };
    let people = people(&parsed, DEPTH)?;
    let rows = people.iter().map(cells);
    Some(export::csv(&["email", "id", "name", "role"], rows))
}

/// The cells of an entry; one that says nothing which can be read stands where an address would.
fn cells<'j>(json: &'j Json<'_>) -> [Cow<'j, str>; 4] {
    let mut cells = Person::of(json).cells();
    if cells.iter().all(|cell| cell.is_empty()) {
        cells[0] = match json {
            Json::Text(text) => Cow::Borrowed(text),
            other => Cow::Owned(to_text(other)),
        };
    }
    cells
}

/// The list in which somebody is named, wherever it lies.
fn people<'j, 'a>(json: &'j Json<'a>, depth: usize) -> Option<&'j [Json<'a>]> {
    match json {
        Json::List(items) if items.iter().any(names_someone) => Some(items),
        Json::Object(_) if names_someone(json) => Some(std::slice::from_ref(json)),
        Json::Object(fields) if depth > 0 => fields
            .iter()
            .find_map(|(_, value)| people(value, depth - 1)),
        _ => None,
    }
}

fn names_someone(json: &Json<'_>) -> bool {
    let person = Person::of(json);
    person.email.is_some() || (person.id.is_some() && !person.roles.is_empty())
}

/// What an entry of the list says.
#[derive(Default)]
struct Person<'j> {
    email: Option<&'j str>,
    id: Option<&'j str>,
    names: Vec<&'j str>,
    first: Option<&'j str>,
    last: Option<&'j str>,
    roles: Vec<&'j str>,
}

impl<'j> Person<'j> {
    fn of(json: &'j Json<'_>) -> Self {
        let mut person = Self::default();
        match json {
            Json::Text(text) if text.contains('@') => person.email = Some(text),
            Json::Object(fields) => {
                for (name, value) in fields {
                    person.take(name, value);
                }
                if person.email.is_none() {
                    // Astro's API calls it `username`
                    let mut texts = fields.iter().filter_map(|(_, value)| value.text());
                    person.email = texts.find(|text| text.contains('@'));
                }
            }
            _ => {}
        }
        person
    }

    fn take(&mut self, name: &str, value: &'j Json<'_>) {
        let text = value.text().filter(|text| !text.trim().is_empty());
        match Column::named(name) {
            Some(Column::Address) => self.email = self.email.or(text),
            Some(Column::Id) => self.id = self.id.or(text),
            Some(Column::Name) => self.names.extend(text),
            Some(Column::FirstName) => self.first = text,
            Some(Column::LastName) => self.last = text,
            Some(Column::Role) => self.hold(value),
            // what our own report says of a step
            None if name == "after" => {
                self.hold(value);
                if self.roles.is_empty() {
                    // who was taken out is a line to mend, and not invited anew
                    self.roles.push(export::NONE);
                }
            }
            None => {}
        }
    }

    fn hold(&mut self, roles: &'j Json<'_>) {
        match roles {
            Json::List(roles) => self.roles.extend(roles.iter().filter_map(role)),
            one => self.roles.extend(role(one)),
        }
    }

    fn cells(self) -> [Cow<'j, str>; 4] {
        let whole = |first, last| Cow::Owned([first, " ", last].concat());
        let mut names = self.names.into_iter();
        let name = names.find(|name| self.email != Some(name));
        let name = match (name, self.first, self.last) {
            (None, Some(first), Some(last)) => whole(first, last),
            (name, first, last) => name.or(first).or(last).unwrap_or_default().into(),
        };
        let mut separator = [0; 4];
        let roles = self
            .roles
            .join(&*ROLE_SEPARATOR.encode_utf8(&mut separator));
        [
            self.email.unwrap_or_default().into(),
            self.id.unwrap_or_default().into(),
            name,
            roles.into(),
        ]
    }
}

/// A role as text, or as an object that has a name or an id.
fn role<'j>(json: &'j Json<'_>) -> Option<&'j str> {
    let text = |json: &'j Json<'_>| json.text().filter(|text| !text.trim().is_empty());
    let Json::Object(fields) = json else {
        return text(json);
    };
    let field = |wanted: &str| {
        let mut fields = fields.iter();
        let found = fields.find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
        text(&found.1)
    };
    field("name").or_else(|| field("id"))
}

#[cfg(test)]
mod tests {
    use super::super::{Options, Who, read};
    use super::*;
    use crate::email::NoMapping;
    use crate::recipients::tests::names;
    use crate::service::Service;

    /// Each line as `who=name/roles`.
    fn told(service: Service, json: &str) -> Vec<String> {
        let roles = service.known_roles();
        let options = Options {
            roles: &roles,
            ..Options::default()
        };
        let table = from_json(json).expect(json);
        let list = read(&table, &options, &NoMapping);
        let entry = |entry: &super::super::Entry| match &entry.recipient {
            Ok(recipient) => {
                let who = match &recipient.who {
                    Who::Email(email) => email.as_str(),
                    Who::User { id, .. } => id,
                };
                let name = recipient.name.as_deref().unwrap_or_default();
                format!("{who}={name}/{}", names(recipient).len())
            }
            Err(error) => format!("{error}"),
        };
        list.entries.iter().map(entry).collect()
    }

    #[test]
    fn users_of_the_vendors_clis_and_apis_are_read() {
        let cli = r#"{
  "users": [
    { "fullName": "Olive Owner", "email": "olive@b.example", "id": "clm1", "orgRole": "ORGANIZATION_OWNER" },
    { "fullName": "", "email": "pete@b.example", "id": "clm2", "orgRole": "ORGANIZATION_MEMBER" }
  ]
}"#;
        assert_eq!(
            told(Service::Astro, cli),
            ["olive@b.example=Olive Owner/1", "pete@b.example=/1"]
        );
        let api = r#"{"users":[{"id":"clm1","username":"olive@b.example","fullName":"Olive, Owner","status":"ACTIVE",
            "organizationRole":"ORGANIZATION_OWNER","workspaceRoles":[{"workspaceId":"w","role":"WORKSPACE_OWNER"}]}],
            "totalCount":1}"#;
        assert_eq!(
            told(Service::Astro, api),
            ["olive@b.example=Olive, Owner/1"]
        );
        let astra = r#"{"code":"OK","data":[{"UserID":"9b01f7bb-ce9b-4de7-8685-beb5a869c1f0","Email":"ann@b.example",
            "Status":"active","Roles":[{"ID":"x","Name":"RO User","Policy":{"description":"a"}},{"ID":"y","Name":"RW User"}]}],
            "nextSteps":null}"#;
        assert_eq!(told(Service::Astra, astra), ["ann@b.example=/2"]);
    }

    #[test]
    fn plain_lists_and_lines_are_read_and_nobody_is_dropped() {
        let astro = |json| told(Service::Astro, json);
        assert_eq!(
            astro(r#"["a@b.example", "nobody", "c@d.example"]"#)[0],
            "a@b.example=/0"
        );
        assert_eq!(
            astro(r#"["a@b.example", "nobody", "c@d.example"]"#).len(),
            3
        );
        assert_eq!(
            astro("{\"email\":\"a@b.example\",\"role\":\"owner\"}\n\n{\"mail\":\"c@d.example\"}\n"),
            ["a@b.example=/1", "c@d.example=/0"]
        );
        let people = r#"[{"firstName":"Ann","lastName":"Lee","contact":"a@b.example","role":"member"},{"name":"Bo"}, 7]"#;
        assert_eq!(astro(people)[0], "a@b.example=Ann Lee/1");
        assert_eq!(astro(people).len(), 3);
        assert_eq!(
            astro(r#"{"id":"clm8qv74h000008mlf08scq7k","role":"owner"}"#),
            ["clm8qv74h000008mlf08scq7k=/1"]
        );
    }

    #[test]
    fn what_is_no_list_of_people_stays_what_it_is() {
        for text in [
            "",
            "a@b.example",
            "[a@b.example]",
            "{\"email\":\"a@b.example\"",
            "[]",
            "{}",
            "[1,2]",
            "{\"note\":[\"x\"]}",
            "{\"id\":\"x\",\"name\":\"Cosmic\"}",
            "[a@b.example, c@d.example]",
        ] {
            assert_eq!(from_json(text), None, "{text}");
        }
    }

    #[test]
    fn what_a_spreadsheet_could_run_comes_back_as_it_was() {
        let json = r#"[{"email":"+a@b.example","name":"=1, \"x\""}]"#;
        assert_eq!(told(Service::Astro, json), ["+a@b.example==1, \"x\"/0"]);
    }
}
