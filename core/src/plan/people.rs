//! What a planner has to know of an organization, and the least that knows it.

use crate::directory::{Directory, HeldRole, InviteId, Row, Status, UserId, email_key};
use crate::index::Index;
use crate::json::FromJson;
use crate::role::{Role, RoleId};

/// Users and roles of an organization, as a planner asks for them.
pub trait Known {
    /// Index of a user.
    fn find(&self, id: &str) -> Option<usize>;

    /// Index of the user with an address: with exactly this one, else letter case aside.
    fn find_email(&self, email: &str) -> Option<usize>;

    /// The user at an index.
    ///
    /// # Panics
    /// If no user has it.
    fn row(&self, index: usize) -> Row<'_>;

    /// Roles known now, in the order in which they are offered.
    fn roles(&self) -> &[Role];

    /// How many active users hold one of these roles.
    fn active_holders(&self, roles: &[RoleId]) -> usize;

    /// A role by its id.
    fn role(&self, id: &RoleId) -> Option<&Role> {
        self.roles().iter().find(|role| role.id == *id)
    }
}

impl Known for Directory {
    fn find(&self, id: &str) -> Option<usize> {
        self.find(id)
    }

    fn find_email(&self, email: &str) -> Option<usize> {
        self.find_email(email)
    }

    fn row(&self, index: usize) -> Row<'_> {
        self.row(index)
    }

    fn roles(&self) -> &[Role] {
        self.roles()
    }

    fn active_holders(&self, roles: &[RoleId]) -> usize {
        self.active_holders(roles)
    }
}

/// A user, as far as plans go by it.
#[derive(Clone, Debug, PartialEq, Eq, FromJson)]
pub struct Person {
    /// Id of the user.
    pub id: UserId,
    /// E-mail address.
    pub email: String,
    /// Name; empty if there is none.
    #[serde(default)]
    pub name: String,
    /// Standing; somebody of whom it is not told has joined.
    #[serde(default = "Person::joined")]
    pub status: Status,
    /// Roles held.
    #[serde(default)]
    pub roles: Vec<HeldRole>,
    /// Id of the invitation, if it is known.
    pub invite: Option<InviteId>,
}

impl Person {
    fn joined() -> Status {
        Status::Active
    }
}

/// Users who come along with a question and are forgotten after it: a [`Directory`] without what a search, a refresh
/// and a hundred thousand of them take.
#[derive(Debug, Default)]
pub struct People {
    people: Vec<Person>,
    /// Of each the ids of the roles.
    held: Vec<Vec<RoleId>>,
    roles: Vec<Role>,
    by_id: Index,
    by_email: Index,
}

impl People {
    /// These users of an organization with these roles, in their order. Who comes twice is as told last, but for an
    /// invitation told before. A role that only users tell of is as the service is `known` to have it, else unknown:
    /// guards go by the roles that are held, whichever may be given.
    pub fn new(roles: Vec<Role>, people: Vec<Person>, known: &[Role]) -> Self {
        let mut all = Self {
            roles,
            ..Self::default()
        };
        for person in people {
            all.add(person, known);
        }
        all
    }

    fn add(&mut self, mut person: Person, known: &[Role]) {
        for held in &person.roles {
            if self.role(&held.id).is_none() {
                let role = known.iter().find(|role| role.id == held.id).cloned();
                let role = role.unwrap_or_else(|| Role::unknown(held.id.clone(), &held.name));
                self.roles.push(role);
            }
        }
        let held = person.roles.iter().map(|it| it.id.clone()).collect();
        let known = self.find(person.id.as_str());
        let index = known.unwrap_or(self.people.len());
        // an earlier address of the same user stays in the index, where it is like no address any more
        self.by_email.insert(&email_key(&person.email), index);
        match known {
            Some(index) => {
                let before = self.people[index].invite.take();
                person.invite = person.invite.or(before);
                self.people[index] = person;
                self.held[index] = held;
            }
            None => {
                self.by_id.insert(person.id.as_str(), index);
                self.people.push(person);
                self.held.push(held);
            }
        }
    }
}

impl Known for People {
    fn find(&self, id: &str) -> Option<usize> {
        let is = |index: usize| self.people[index].id.as_str() == id;
        self.by_id.find(id, &is)
    }

    fn find_email(&self, email: &str) -> Option<usize> {
        let key = email_key(email);
        let exactly = |index: usize| self.people[index].email == email.trim();
        let alike = |index: usize| email_key(&self.people[index].email) == key;
        self.by_email.find_by(&key, &[&exactly, &alike])
    }

    fn row(&self, index: usize) -> Row<'_> {
        let person = &self.people[index];
        Row {
            id: person.id.as_str(),
            email: &person.email,
            name: &person.name,
            status: &person.status,
            roles: &self.held[index],
            scoped: &[],
            created: "",
            invite: person.invite.as_ref(),
        }
    }

    fn roles(&self) -> &[Role] {
        &self.roles
    }

    fn active_holders(&self, roles: &[RoleId]) -> usize {
        let people = self.people.iter().zip(&self.held);
        let holders = people.filter(|(person, held)| {
            person.status == Status::Active && held.iter().any(|id| roles.contains(id))
        });
        holders.count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::Tier;
    use crate::service::Service;

    fn person(id: &str, email: &str, status: Status, role: &str) -> Person {
        Person {
            id: id.into(),
            email: email.to_owned(),
            name: String::new(),
            status,
            roles: vec![HeldRole {
                id: role.into(),
                name: "Night Watch".to_owned(),
            }],
            invite: None,
        }
    }

    #[test]
    fn are_found_by_id_and_by_address_as_told_last() {
        let people = People::new(
            Vec::new(),
            vec![
                Person {
                    invite: Some("i1".into()),
                    ..person("u1", "Ann@b.example", Status::Pending, "r1")
                },
                person("u2", "bob@b.example", Status::Pending, "r1"),
                person("u1", "anna@b.example", Status::Pending, "r2"),
            ],
            &[],
        );
        assert_eq!(people.find("u2"), Some(1));
        assert_eq!(people.find_email(" ANNA@b.example"), Some(0));
        assert_eq!(people.find_email("ann@b.example"), None);
        assert_eq!(people.row(0).roles, ["r2".into()]);
        assert_eq!(people.row(0).invite, Some(&"i1".into()));
        assert_eq!(people.find("u3"), None);
    }

    #[test]
    fn an_address_is_first_of_all_that_of_whom_it_is_exactly() {
        let people = People::new(
            Vec::new(),
            vec![
                person("u1", "c@b.example", Status::Active, "r1"),
                person("u2", "C@b.example", Status::Active, "r1"),
            ],
            &[],
        );
        let found = ["c@b.example", " C@b.example", "C@B.example"].map(|it| people.find_email(it));
        assert_eq!(found, [Some(0), Some(1), Some(0)]);
    }

    #[test]
    fn tell_of_roles_and_who_holds_them() {
        let people = People::new(
            Vec::new(),
            vec![
                person("u1", "a@b.example", Status::Active, "r1"),
                person("u2", "b@b.example", Status::Pending, "r1"),
                person("u3", "c@b.example", Status::Active, "ORGANIZATION_OWNER"),
            ],
            &Service::Astro.known_roles(),
        );
        let owner = people.role(&"ORGANIZATION_OWNER".into()).unwrap();
        assert_eq!(owner.tier, Tier::Owner);
        assert_eq!(people.role(&"r1".into()).unwrap().label, "Night Watch");
        assert_eq!(people.active_holders(&["r1".into()]), 1);
    }

    #[test]
    fn what_is_not_told_of_a_person_is_the_usual() {
        let read: Person = serde_json::from_str(r#"{"id":"u1","email":"a@b.example"}"#).unwrap();
        assert_eq!((read.status, read.roles.len()), (Status::Active, 0));
    }
}
