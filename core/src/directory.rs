//! What is known now about the users of one organization: compact columns, built for 100,000 of them.

use crate::change::Change;
use crate::index::{Index, TextMap};
use crate::letters::lower_text;
use crate::role::{Role, RoleId};

mod column;
pub mod fold;
pub mod query;

pub use crate::user::{
    HeldRole, InviteId, Organization, OrganizationId, Row, Scope, ScopedRole, Status, User, UserId,
};
use column::Text;

/// Users, roles and invitations of one organization as known now.
#[derive(Debug, Default)]
pub struct Directory {
    ids: Text,
    emails: Text,
    names: Text,
    /// Name and address, folded: what a search looks through.
    folded: Text,
    created: Text,
    /// Index into `role_sets`.
    role_set: Vec<u32>,
    /// Index into `statuses`.
    status: Vec<u8>,
    scoped: Vec<Option<Box<[ScopedRole]>>>,
    /// Reading in which the row was seen last.
    seen: Vec<u32>,

    role_sets: Vec<Box<[RoleId]>>,
    statuses: Vec<Status>,
    roles: Vec<Role>,
    /// By the invited user's id; nothing once it is withdrawn.
    invites: TextMap<String, Option<InviteId>>,

    by_id: Index,
    by_email: Index,

    reading: u32,
    total: Option<u32>,
    complete: bool,
    version: u64,
}

impl Directory {
    /// A directory without users, which knows these roles.
    pub fn new(roles: Vec<Role>) -> Self {
        Self {
            roles,
            ..Self::default()
        }
    }

    /// Number that grows with each change.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Users known now.
    pub fn len(&self) -> usize {
        self.role_set.len()
    }

    /// Whether no user is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Users which the service says there are.
    pub fn total(&self) -> Option<u32> {
        self.total
    }

    /// Whether the list has been read to its end.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// The user at an index.
    ///
    /// # Panics
    /// If `index` is not below [`len`](Self::len).
    pub fn row(&self, index: usize) -> Row<'_> {
        let id = self.ids.get(index);
        Row {
            id,
            email: self.emails.get(index),
            name: self.names.get(index),
            status: &self.statuses[self.status_of(index)],
            roles: &self.role_sets[self.role_set_of(index)],
            scoped: self.scoped[index].as_deref().unwrap_or_default(),
            created: self.created.get(index),
            invite: self.invite_of(id),
        }
    }

    /// All users in the order in which the service gave them.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len()).map(|index| self.row(index))
    }

    /// Index of a user.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.by_id.find(id, &|index| self.ids.get(index) == id)
    }

    /// Index of the user with an address: with exactly this one, else letter case aside (services differ on it).
    pub fn find_email(&self, email: &str) -> Option<usize> {
        let key = email_key(email);
        let exactly = |index| self.emails.get(index) == email.trim();
        let alike = |index| email_key(self.emails.get(index)) == key;
        self.by_email.find_by(&key, &[&exactly, &alike])
    }

    /// Roles known now, mightiest first.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// A role by its id.
    pub fn role(&self, id: &RoleId) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == *id)
    }

    /// Which sets of roles users hold; [`role_set_of`](Self::role_set_of) gives a user's index in it.
    pub fn role_sets(&self) -> &[Box<[RoleId]>] {
        &self.role_sets
    }

    /// Index into [`role_sets`](Self::role_sets).
    pub fn role_set_of(&self, index: usize) -> usize {
        self.role_set[index] as usize
    }

    /// Which standings occur; [`status_of`](Self::status_of) gives a user's index in it.
    pub fn statuses(&self) -> &[Status] {
        &self.statuses
    }

    /// Index into [`statuses`](Self::statuses).
    pub fn status_of(&self, index: usize) -> usize {
        usize::from(self.status[index])
    }

    /// How many active users hold one of these roles.
    pub fn active_holders(&self, roles: &[RoleId]) -> usize {
        let holds: Vec<bool> = self
            .role_sets
            .iter()
            .map(|set| set.iter().any(|id| roles.contains(id)))
            .collect();
        let active = self.statuses.iter().position(|it| *it == Status::Active);
        (0..self.len())
            .filter(|&index| {
                holds[self.role_set_of(index)] && Some(self.status_of(index)) == active
            })
            .count()
    }

    /// Id of a user's invitation, if it is known here.
    pub fn invite_of(&self, user: &str) -> Option<&InviteId> {
        self.invites.get(user)?.as_ref()
    }

    /// Remembers the id of an invitation that was made earlier.
    pub fn learn_invite(&mut self, user: &UserId, invite: InviteId) {
        let user = user.as_str().to_owned();
        *self.invites.get_or_insert(user, || None) = Some(invite);
        self.version += 1;
    }

    /// Starts reading the list again: rows stay until the end of the reading tells which are gone.
    pub fn begin_reading(&mut self) {
        self.reading += 1;
        self.complete = false;
        self.version += 1;
    }

    /// Ends a reading: users not seen in it are gone.
    pub fn end_reading(&mut self) {
        let stays: Vec<bool> = self.seen.iter().map(|it| *it == self.reading).collect();
        if stays.contains(&false) {
            self.keep(&stays);
            self.reindex();
        }
        self.total = u32::try_from(self.len()).ok();
        self.complete = true;
        self.version += 1;
    }

    /// Takes in what an answer told.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Users { users, total, .. } => {
                self.reserve(total.unwrap_or_default());
                for user in users {
                    self.put(user);
                }
                self.total = total.or(self.total);
            }
            Change::User { user } => self.put(user),
            Change::Roles { roles, .. } => self.learn_roles(roles),
            Change::Invited { user, invite, .. } => {
                let Some(user) = user else { return };
                if let Some(invite) = invite {
                    self.learn_invite(&user.id, invite.clone());
                }
                let before = self.len();
                self.put(user);
                let added = u32::from(self.len() > before);
                self.total = self.total.map(|total| total + added);
            }
            Change::RolesSet { user, roles } => {
                if let Some(index) = self.find(user.as_str()) {
                    self.role_set[index] = self.intern_roles(roles);
                }
            }
            Change::Withdrawn { invite } => {
                let mut invites = self.invites.iter_mut();
                let held = invites.find(|(_, held)| held.as_ref() == Some(invite));
                let user = held.map(|(user, held)| {
                    *held = None;
                    UserId::from(user)
                });
                drop(invites);
                if let Some(user) = user {
                    self.remove(&user);
                }
            }
            Change::Removed { user } => self.remove(user),
            Change::Organizations { .. }
            | Change::Organization { .. }
            | Change::Me { .. }
            | Change::Teams { .. }
            | Change::Workspaces { .. } => return,
        }
        self.version += 1;
    }

    /// Adds a user, or brings the row up to date.
    fn put(&mut self, user: &User) {
        for held in &user.roles {
            if self.role(&held.id).is_none() {
                self.roles.push(Role::unknown(held.id.clone(), &held.name));
            }
        }
        let role_set = self.intern_held(&user.roles);
        let status = self.intern_status(&user.status);
        let scoped = (!user.scoped.is_empty()).then(|| user.scoped.clone().into_boxed_slice());
        let Some(index) = self.find(user.id.as_str()) else {
            self.ids.push(user.id.as_str());
            self.emails.push(&user.email);
            self.names.push(&user.name);
            self.folded.push(&folded(user));
            self.created.push(&user.created);
            self.role_set.push(role_set);
            self.status.push(status);
            self.scoped.push(scoped);
            self.seen.push(self.reading);
            self.index(self.len() - 1);
            return;
        };
        let email_changed = self.emails.get(index) != user.email;
        if email_changed || self.names.get(index) != user.name {
            self.emails.set(index, &user.email);
            self.names.set(index, &user.name);
            self.folded.set(index, &folded(user));
        }
        if self.created.get(index) != user.created {
            self.created.set(index, &user.created);
        }
        self.role_set[index] = role_set;
        self.status[index] = status;
        self.scoped[index] = scoped;
        self.seen[index] = self.reading;
        if email_changed {
            // the earlier address stays in the index, where it is like no address any more
            let key = email_key(&user.email);
            self.by_email.insert(&key, index);
        }
    }

    fn remove(&mut self, user: &UserId) {
        if let Some(index) = self.find(user.as_str()) {
            let stays: Vec<bool> = (0..self.len()).map(|row| row != index).collect();
            self.keep(&stays);
            self.reindex();
            self.total = self.total.map(|total| total.saturating_sub(1));
        }
    }

    /// Leaves those rows only that stay. One pass for all: taken out one by one, each would move all behind it.
    fn keep(&mut self, stays: &[bool]) {
        for column in [
            &mut self.ids,
            &mut self.emails,
            &mut self.names,
            &mut self.folded,
            &mut self.created,
        ] {
            column.keep(stays);
        }
        retain(&mut self.role_set, stays);
        retain(&mut self.status, stays);
        retain(&mut self.scoped, stays);
        retain(&mut self.seen, stays);
    }

    fn index(&mut self, index: usize) {
        self.by_id.insert(self.ids.get(index), index);
        let key = email_key(self.emails.get(index));
        self.by_email.insert(&key, index);
    }

    /// Makes room in the indices for as many users as there are said to be: growing step by step would
    /// move all of them again at each step.
    fn reserve(&mut self, users: u32) {
        let users = users.min(Self::MOST_RESERVED) as usize;
        let more = users.saturating_sub(self.len());
        self.by_id.reserve(more);
        self.by_email.reserve(more);
    }

    /// A service may say anything; this many cost a mebibyte.
    const MOST_RESERVED: u32 = 100_000;

    fn reindex(&mut self) {
        self.by_id.clear();
        self.by_email.clear();
        for index in 0..self.len() {
            self.index(index);
        }
    }

    fn learn_roles(&mut self, roles: &[Role]) {
        for role in roles {
            match self.roles.iter_mut().find(|it| it.id == role.id) {
                Some(known) => known.clone_from(role),
                None => self.roles.push(role.clone()),
            }
        }
        self.roles = query::ordered(std::mem::take(&mut self.roles), &|a, b| {
            (a.rank, &a.label).cmp(&(b.rank, &b.label))
        });
    }

    fn intern_held(&mut self, held: &[HeldRole]) -> u32 {
        let same = |set: &[RoleId]| set.iter().eq(held.iter().map(|it| &it.id));
        let at = self
            .role_sets
            .iter()
            .position(|set| same(set))
            .unwrap_or_else(|| {
                self.role_sets
                    .push(held.iter().map(|it| it.id.clone()).collect());
                self.role_sets.len() - 1
            });
        u32::try_from(at).expect(Self::SETS)
    }

    fn intern_roles(&mut self, ids: &[RoleId]) -> u32 {
        let at = self
            .role_sets
            .iter()
            .position(|set| **set == *ids)
            .unwrap_or_else(|| {
                self.role_sets.push(ids.into());
                self.role_sets.len() - 1
            });
        u32::try_from(at).expect(Self::SETS)
    }

    const SETS: &'static str = "there are no more sets of roles than users";

    fn intern_status(&mut self, status: &Status) -> u8 {
        let at = self
            .statuses
            .iter()
            .position(|it| it == status)
            .unwrap_or_else(|| {
                // A service that invents more than 255 standings gets the last one for the rest.
                if self.statuses.len() < 255 {
                    self.statuses.push(status.clone());
                }
                self.statuses.len() - 1
            });
        u8::try_from(at).expect("no more than 255 are kept")
    }
}

fn retain<T>(column: &mut Vec<T>, stays: &[bool]) {
    let mut stays = stays.iter();
    column.retain(|_| stays.next() == Some(&true));
}

/// Address as it is compared: letter case aside.
pub fn email_key(email: &str) -> String {
    lower_text(email.trim())
}

fn folded(user: &User) -> String {
    let mut text = fold::fold(&user.name);
    text.push(' ');
    fold::fold_into(&user.email, &mut text);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn user(n: u32, name: &str, role: &str) -> User {
        User {
            id: format!("u{n}").into(),
            email: format!("p{n}@Example.org"),
            name: name.to_owned(),
            status: Status::Active,
            roles: vec![HeldRole {
                id: role.into(),
                name: String::new(),
            }],
            scoped: Vec::new(),
            created: format!("2025-01-{:02}T00:00:00Z", n % 28 + 1),
        }
    }

    pub(super) fn put(directory: &mut Directory, user: User) {
        directory.apply(&Change::User { user });
    }

    fn directory(n: u32) -> Directory {
        let mut directory = Directory::default();
        for i in 0..n {
            put(
                &mut directory,
                user(
                    i,
                    &format!("Person {i}"),
                    if i == 0 { "owner" } else { "member" },
                ),
            );
        }
        directory
    }

    #[test]
    fn finds_by_id_and_by_address() {
        let directory = directory(100);
        assert_eq!(directory.find("u42"), Some(42));
        assert_eq!(directory.find_email(" P42@example.ORG"), Some(42));
        assert_eq!(directory.find("u100"), None);
        assert_eq!(directory.row(42).name, "Person 42");
    }

    #[test]
    fn an_address_is_first_of_all_that_of_whom_it_is_exactly() {
        let mut directory = directory(3);
        let mut namesake = user(3, "Namesake", "member");
        namesake.email = "P1@Example.org".to_owned();
        put(&mut directory, namesake);
        let found = ["p1@Example.org", "P1@Example.org ", "P1@example.org"];
        assert_eq!(
            found.map(|it| directory.find_email(it)),
            [Some(1), Some(3), Some(1)]
        );
    }

    #[test]
    fn a_removed_user_leaves_the_others_findable() {
        let mut directory = directory(10);
        directory.apply(&Change::Removed { user: "u3".into() });
        assert_eq!(directory.len(), 9);
        assert_eq!(directory.find("u3"), None);
        for n in (0..10).filter(|n| *n != 3) {
            let index = directory.find(&format!("u{n}")).unwrap();
            assert_eq!(directory.row(index).email, format!("p{n}@Example.org"));
            assert_eq!(
                directory.find_email(&format!("p{n}@example.org")),
                Some(index)
            );
        }
    }

    #[test]
    fn a_role_change_keeps_scoped_roles() {
        let mut directory = Directory::default();
        let scoped = ScopedRole {
            scope: Scope::Workspace,
            of: "w1".to_owned(),
            role: "WORKSPACE_OWNER".to_owned(),
        };
        put(
            &mut directory,
            User {
                scoped: vec![scoped.clone()],
                ..user(1, "A", "member")
            },
        );
        directory.apply(&Change::RolesSet {
            user: "u1".into(),
            roles: vec!["owner".into()],
        });
        assert_eq!(directory.row(0).roles, ["owner".into()]);
        assert_eq!(directory.row(0).scoped, [scoped]);
    }

    #[test]
    fn reading_again_drops_who_is_gone_and_keeps_order() {
        let mut directory = directory(5);
        directory.begin_reading();
        for n in [0, 2, 4, 7] {
            put(&mut directory, user(n, "Changed Name", "member"));
        }
        assert_eq!(directory.len(), 6);
        directory.end_reading();
        let ids: Vec<_> = directory.rows().map(|row| row.id.to_owned()).collect();
        assert_eq!(ids, ["u0", "u2", "u4", "u7"]);
        assert_eq!(directory.row(1).name, "Changed Name");
        assert!(directory.is_complete());
    }

    #[test]
    fn everybody_may_get_another_address_at_once() {
        let n = 5_000;
        let mut directory = directory(n);
        directory.begin_reading();
        for i in 0..n {
            let mut moved = user(i, &format!("Person {i}"), "member");
            moved.email = format!("p{i}@Example.net");
            put(&mut directory, moved);
        }
        directory.end_reading();
        assert_eq!(directory.find_email("p7@example.net"), Some(7));
        assert_eq!(directory.find_email("p7@example.org"), None);
    }

    #[test]
    fn many_may_be_gone_at_once() {
        let n = 20_000;
        let mut directory = directory(n);
        directory.begin_reading();
        for i in (1..n).step_by(2) {
            put(&mut directory, user(i, &format!("Person {i}"), "member"));
        }
        directory.end_reading();
        assert_eq!(directory.len(), n as usize / 2);
        assert_eq!(
            (directory.find("u6"), directory.find("u7")),
            (None, Some(3))
        );
        assert_eq!(directory.find_email("p7@example.org"), Some(3));
        assert_eq!(directory.row(3).name, "Person 7");
    }

    #[test]
    fn an_invitation_comes_and_goes() {
        let mut directory = directory(2);
        let pending = User {
            status: Status::Pending,
            ..user(9, "", "member")
        };
        directory.apply(&Change::Invited {
            email: pending.email.clone(),
            user: Some(pending),
            invite: Some("i1".into()),
            expires: String::new(),
        });
        assert_eq!(directory.row(2).invite, Some(&"i1".into()));
        assert_eq!(directory.row(2).title(), "p9@Example.org");
        directory.apply(&Change::Withdrawn {
            invite: "i1".into(),
        });
        assert_eq!(directory.len(), 2);
    }

    #[test]
    fn everybody_may_hold_another_set_of_roles() {
        let mut directory = Directory::default();
        let sets = u32::from(u16::MAX) + 2;
        for n in 0..sets {
            directory.role_sets.push([n.to_string().into()].into());
        }
        put(&mut directory, user(1, "A", "owner"));
        assert_eq!(directory.row(0).roles, ["owner".into()]);
    }

    #[test]
    fn counts_active_holders_only() {
        let mut directory = directory(3);
        put(
            &mut directory,
            User {
                status: Status::Pending,
                ..user(8, "", "owner")
            },
        );
        assert_eq!(directory.active_holders(&["owner".into()]), 1);
    }

    #[test]
    fn a_role_that_is_news_is_kept_and_named() {
        let mut directory = Directory::default();
        let news = HeldRole {
            id: "r9".into(),
            name: "Night Watch".to_owned(),
        };
        put(
            &mut directory,
            User {
                roles: vec![news],
                ..user(1, "A", "x")
            },
        );
        assert_eq!(directory.role(&"r9".into()).unwrap().label, "Night Watch");
    }
}
