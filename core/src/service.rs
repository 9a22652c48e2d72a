//! The two services side by side: the only file of this crate, besides `lib.rs`, that names both.
//!
//! Where they differ, the difference is an answer of [`Service`]; nobody else asks which one it is.

use http::{Method, Request};
use serde::Serialize;

use crate::act::Act;
use crate::change::Change;
use crate::email::Email;
use crate::endpoint::{Answer, Incoming, InvalidRequest, Outgoing, Route, Site};
use crate::failure::Failure;
use crate::json::{FromJson, ToJson};
use crate::role::{Role, RoleId};
use crate::user::{InviteId, OrganizationId, Row, UserId};
use crate::{astra, astro};

/// A service whose users are administered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToJson, FromJson)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// Astronomer's Astro.
    Astro,
    /// DataStax's Astra.
    Astra,
}

/// An operation of either service, with all that it needs, as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(tag = "service", rename_all = "lowercase")]
pub enum Call {
    /// Of Astro.
    Astro(astro::Call),
    /// Of Astra.
    Astra(astra::Call),
}

impl Call {
    /// Its HTTP method.
    pub fn method(&self) -> Method {
        let nowhere = Site {
            base: "",
            token: None,
        };
        self.outgoing(&nowhere).method
    }

    /// Whose operation it is.
    pub fn service(&self) -> Service {
        match self {
            Self::Astro(_) => Service::Astro,
            Self::Astra(_) => Service::Astra,
        }
    }

    /// What it does, in words: "invite as Member"; `label` names a role. `None` for a call that only
    /// reads.
    pub fn in_words(&self, label: &dyn Fn(&RoleId) -> String) -> Option<String> {
        match self {
            Self::Astro(call) => call.in_words(label),
            Self::Astra(call) => call.in_words(label),
        }
    }

    /// The words of the vendor's CLI that do the same; `None` where it cannot. `key` names a role.
    pub(crate) fn vendor_command(
        &self,
        email: &str,
        key: &dyn Fn(&RoleId) -> String,
    ) -> Option<Vec<String>> {
        match self {
            Self::Astro(call) => call.vendor_command(email),
            Self::Astra(call) => call.vendor_command(email, key),
        }
    }

    /// Builds the request.
    pub fn outgoing<'s>(&self, site: &Site<'s>) -> Outgoing<'s> {
        match self {
            Self::Astro(call) => call.outgoing(site),
            Self::Astra(call) => call.outgoing(site),
        }
    }

    /// Builds the request as the `http` crate has it.
    pub fn to_http(&self, site: &Site<'_>) -> Request<Vec<u8>> {
        self.outgoing(site).into()
    }

    /// Reads a request back, if it is one of the service's operations as described in this crate.
    ///
    /// # Errors
    /// If it is one, and its query or body is not what the operation takes.
    pub fn receive(
        service: Service,
        incoming: &Incoming<'_>,
    ) -> Option<Result<Self, InvalidRequest>> {
        match service {
            Service::Astro => Some(astro::Call::receive(incoming)?.map(Self::Astro)),
            Service::Astra => Some(astra::Call::receive(incoming)?.map(Self::Astra)),
        }
    }

    /// Whether it changes something.
    pub fn changes(&self) -> bool {
        self.method() != Method::GET
    }

    /// The address that it invites.
    pub fn invitee(&self) -> Option<&str> {
        match self {
            Self::Astro(astro::Call::CreateInvite(call)) => Some(&call.body.invitee_email),
            Self::Astra(astra::Call::InviteUser(call)) => Some(&call.body.email),
            _ => None,
        }
    }

    /// The organization that it is for, where the request says it.
    pub fn organization(&self) -> Option<OrganizationId> {
        Some(match self {
            Self::Astro(astro::Call::CreateInvite(call)) => call.organization.as_str().into(),
            Self::Astro(astro::Call::DeleteInvite(call)) => call.organization.as_str().into(),
            Self::Astro(astro::Call::UpdateUserRoles(call)) => call.organization.as_str().into(),
            Self::Astro(astro::Call::ListUsers(call)) => call.organization.as_str().into(),
            Self::Astra(astra::Call::InviteUser(call)) => call.body.organization.as_str().into(),
            _ => return None,
        })
    }

    /// What it does to whom, as far as the request says; `None` if it only reads.
    pub fn deed(&self) -> Option<Deed> {
        let none = Deed {
            act: Act::Invite,
            email: None,
            user: None,
            invite: None,
            roles: Vec::new(),
        };
        Some(match self {
            Self::Astro(astro::Call::CreateInvite(call)) => Deed {
                email: Some(call.body.invitee_email.clone()),
                roles: vec![call.body.role.as_str().into()],
                ..none
            },
            Self::Astro(astro::Call::UpdateUserRoles(call)) => Deed {
                act: Act::ReRole,
                user: Some(call.user.as_str().into()),
                roles: vec![call.body.organization_role.as_ref()?.as_str().into()],
                ..none
            },
            Self::Astro(astro::Call::DeleteInvite(call)) => Deed {
                act: Act::Withdraw,
                invite: Some(call.invite.as_str().into()),
                ..none
            },
            Self::Astra(astra::Call::InviteUser(call)) => Deed {
                email: Some(call.body.email.clone()),
                roles: call
                    .body
                    .roles
                    .iter()
                    .map(|id| id.as_str().into())
                    .collect(),
                ..none
            },
            Self::Astra(astra::Call::UpdateUserRoles(call)) => Deed {
                act: Act::ReRole,
                user: Some(call.user.as_str().into()),
                roles: call
                    .body
                    .roles
                    .iter()
                    .map(|id| id.as_str().into())
                    .collect(),
                ..none
            },
            Self::Astra(astra::Call::RemoveUser(call)) => Deed {
                act: Act::Remove,
                user: Some(call.user.as_str().into()),
                ..none
            },
            _ => return None,
        })
    }

    /// Whether sending it twice does what sending it once does: it reads, or sets roles to the same.
    ///
    /// Inviting again writes another mail; removing again could hit somebody who came back.
    pub fn repeats_safely(&self) -> bool {
        match self {
            Self::Astro(call) => !matches!(
                call,
                astro::Call::CreateInvite(_) | astro::Call::DeleteInvite(_)
            ),
            Self::Astra(call) => !matches!(
                call,
                astra::Call::InviteUser(_) | astra::Call::RemoveUser(_)
            ),
        }
    }

    /// Reads the answer, the service's or the gateway's, also as the `http` crate has it.
    ///
    /// # Errors
    /// If the call did not succeed, or that is not known.
    pub fn read(&self, answer: impl Into<Answer>) -> Result<Change, Failure> {
        self.read_answer(&answer.into())
    }

    /// Reads the answer, the service's or the gateway's.
    ///
    /// # Errors
    /// If the call did not succeed, or that is not known.
    pub fn read_answer(&self, answer: &Answer) -> Result<Change, Failure> {
        if let Some(failure) = Failure::of_gateway(answer) {
            return Err(failure);
        }
        Ok(match self {
            Self::Astro(call) => call.read(answer)?,
            Self::Astra(call) => call.read(answer)?,
        })
    }

    /// Reads the answer to a call by which an organization is listed: organizations, users, roles, who
    /// asks. Whoever reads nothing else with this does not have to bring what reads the other answers.
    ///
    /// # Errors
    /// If the call did not succeed, or is none of those.
    pub fn read_listing(&self, answer: &Answer) -> Result<Change, Failure> {
        if let Some(failure) = Failure::of_gateway(answer) {
            return Err(failure);
        }
        Ok(match self {
            Self::Astro(call) => call.read_listing(answer)?,
            Self::Astra(call) => call.read_listing(answer)?,
        })
    }
}

/// What a call does to whom, as far as the request alone says: an invitation may be one more of the
/// same, and who is removed may not have joined yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// What.
    pub act: Act,
    /// To whom, by address.
    pub email: Option<String>,
    /// To whom, by id.
    pub user: Option<UserId>,
    /// Which invitation.
    pub invite: Option<InviteId>,
    /// Roles afterwards.
    pub roles: Vec<RoleId>,
}

/// How many roles a user has in an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleChoice {
    /// Exactly one.
    One,
    /// One or more.
    Many,
}

/// How the role of a person who has not joined yet is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PendingReRole {
    /// As anybody's.
    Direct,
    /// By inviting again with the new roles.
    ByInviting,
}

/// What a gateway may know of a request which it forwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forward {
    /// Whether the operation changes something.
    pub changes: bool,
}

/// How often a service may be called with one token, in calls a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// `GET`
    pub read: u32,
    /// `POST` and `PUT`
    pub write: u32,
    /// `DELETE`
    pub delete: u32,
    /// Whether the service publishes them, or they are a careful guess.
    pub published: bool,
}

impl Rates {
    /// The rate for a method.
    pub fn of(&self, method: &Method) -> u32 {
        match *method {
            Method::GET => self.read,
            Method::DELETE => self.delete,
            _ => self.write,
        }
    }
}

impl Service {
    /// Both, in the order in which they are shown.
    pub const ALL: [Self; 2] = [Self::Astro, Self::Astra];

    /// Name as the vendor writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Astro => "Astro",
            Self::Astra => "Astra",
        }
    }

    /// Address of the service itself.
    pub fn base(self) -> &'static str {
        match self {
            Self::Astro => astro::BASE,
            Self::Astra => astra::BASE,
        }
    }

    /// Environment variable in which the service's own tools and clients look for a token.
    pub fn token_variable(self) -> &'static str {
        match self {
            Self::Astro => "ASTRO_API_TOKEN",
            Self::Astra => "ASTRA_DB_APPLICATION_TOKEN",
        }
    }

    /// Whether a request is one of this service's operations as described in this crate.
    ///
    /// `path` is what follows the base address, without the query.
    pub fn forward(self, method: &Method, path: &str, query: &str) -> Option<Forward> {
        let on = |routes: &[Route]| {
            routes
                .iter()
                .find(|it| it.method == *method && it.ids(path).is_some() && it.takes_query(query))
                .map(|it| Forward {
                    changes: it.changes(),
                })
        };
        match self {
            Self::Astro => on(&astro::Call::ROUTES),
            Self::Astra => on(&astra::Call::ROUTES),
        }
    }

    /// Calls a second that one token may make. Astro publishes its limits; Astra's are a guess.
    pub fn rates(self) -> Rates {
        match self {
            Self::Astro => Rates {
                read: 25,
                write: 10,
                delete: 5,
                published: true,
            },
            Self::Astra => Rates {
                read: 5,
                write: 5,
                delete: 5,
                published: false,
            },
        }
    }

    /// Roles known without asking, mightiest first.
    pub fn known_roles(self) -> Vec<Role> {
        match self {
            Self::Astro => astro::known_roles(),
            Self::Astra => astra::known_roles(),
        }
    }

    /// How many roles a user has.
    pub fn role_choice(self) -> RoleChoice {
        match self {
            Self::Astro => RoleChoice::One,
            Self::Astra => RoleChoice::Many,
        }
    }

    /// Roles chosen beforehand when somebody is invited.
    pub fn default_roles(self) -> Vec<RoleId> {
        match self {
            Self::Astro => vec![astro::OrganizationRole::Member.as_str().into()],
            Self::Astra => vec![astra::FORMER_DEFAULT.into()],
        }
    }

    /// What to say of the roles chosen beforehand.
    pub fn default_note(self) -> &'static str {
        match self {
            Self::Astro => "Member is also what the astro CLI gives by default.",
            Self::Astra => {
                "Database Administrator was the astra CLI’s default; since version 1.1.3 it has none, so look twice."
            }
        }
    }

    /// Whether a pending invitation can be sent again.
    pub fn resends(self) -> bool {
        match self {
            Self::Astro => false,
            Self::Astra => true,
        }
    }

    /// How the role of a person who has not joined yet is changed.
    pub fn pending_re_role(self) -> PendingReRole {
        match self {
            Self::Astro => PendingReRole::Direct,
            Self::Astra => PendingReRole::ByInviting,
        }
    }

    /// Whether the service tells names and dates of users, and roles in parts of the organization.
    pub fn tells_names_and_dates(self) -> bool {
        match self {
            Self::Astro => true,
            Self::Astra => false,
        }
    }

    /// Whether removing a member goes through the API.
    ///
    /// # Errors
    /// Where it is done instead.
    pub fn removes(self) -> Result<(), &'static str> {
        match self {
            Self::Astro => Err(astro::REMOVAL),
            Self::Astra => Ok(()),
        }
    }

    /// Whether the membership of a user can be ended through the API: an invitation that is `pending` be withdrawn,
    /// which may need its id, or a member be removed.
    pub fn ends(self, pending: bool, invite: Option<&InviteId>) -> bool {
        match (self, pending) {
            (Self::Astro, true) => invite.is_some(),
            (Self::Astro, false) | (Self::Astra, _) => self.removes().is_ok(),
        }
    }

    /// A user as a block for the vendor's Terraform provider; `None` where that has no users.
    pub fn terraform(self, user: &Row<'_>) -> Option<String> {
        match self {
            Self::Astro => Some(astro::terraform::block(user)),
            Self::Astra => None,
        }
    }

    /// Reads organizations, from an offset on.
    pub fn list_organizations(self, offset: u32) -> Call {
        match self {
            Self::Astro => Call::Astro(astro::Call::list_organizations(offset)),
            Self::Astra => Call::Astra(astra::Call::current_org()),
        }
    }

    /// Where the id of the first organization stands in what answers [`list_organizations`](Self::list_organizations):
    /// names and places, from the outside in.
    pub(crate) fn first_organization(self) -> &'static [&'static str] {
        match self {
            Self::Astro => &["organizations", "0", "id"],
            Self::Astra => &["id"],
        }
    }

    /// Reads one organization, to see that the token may.
    pub fn get_organization(self, organization: &OrganizationId) -> Call {
        match self {
            Self::Astro => Call::Astro(astro::Call::get_organization(organization)),
            Self::Astra => Call::Astra(astra::Call::current_org()),
        }
    }

    /// Reads the token's own user; `None` where tokens belong to nobody.
    pub fn get_me(self) -> Option<Call> {
        match self {
            Self::Astro => Some(Call::Astro(astro::Call::get_self())),
            Self::Astra => None,
        }
    }

    /// Reads users, from an offset on.
    pub fn list_users(self, organization: &OrganizationId, offset: u32) -> Call {
        match self {
            Self::Astro => Call::Astro(astro::Call::list_users(organization, offset)),
            Self::Astra => Call::Astra(astra::Call::list_users()),
        }
    }

    /// Reads the first users, as few as fill some screens: they come sooner than a whole page.
    pub fn first_users(self, organization: &OrganizationId) -> Call {
        match self {
            Self::Astro => Call::Astro(astro::Call::first_users(organization)),
            Self::Astra => Call::Astra(astra::Call::list_users()),
        }
    }

    /// Reads one user.
    pub fn get_user(self, organization: &OrganizationId, user: &UserId) -> Call {
        match self {
            Self::Astro => Call::Astro(astro::Call::get_user(organization, user)),
            Self::Astra => Call::Astra(astra::Call::get_user(user)),
        }
    }

    /// Reads the teams from which a user has roles; `None` where there are no teams.
    pub fn list_teams(self, organization: &OrganizationId, user: &UserId) -> Option<Call> {
        match self {
            Self::Astro => Some(Call::Astro(astro::Call::list_user_teams(
                organization,
                user,
            ))),
            Self::Astra => None,
        }
    }

    /// Reads the names behind scoped roles; `None` where there are none.
    pub fn list_workspaces(self, organization: &OrganizationId) -> Option<Call> {
        match self {
            Self::Astro => Some(Call::Astro(astro::Call::list_workspaces(organization))),
            Self::Astra => None,
        }
    }

    /// Reads the roles of the organization that users can hold; `None` where all are known.
    pub fn list_roles(self) -> Option<Call> {
        match self {
            Self::Astro => None,
            Self::Astra => Some(Call::Astra(astra::Call::list_roles())),
        }
    }

    /// Reads what each role permits.
    pub fn list_permissions(self, organization: &OrganizationId) -> Call {
        match self {
            Self::Astro => Call::Astro(astro::Call::list_roles(organization)),
            Self::Astra => Call::Astra(astra::Call::list_roles()),
        }
    }

    /// Invites an address.
    pub fn invite(self, organization: &OrganizationId, email: &Email, roles: &[RoleId]) -> Call {
        match self {
            Self::Astro => Call::Astro(astro::Call::invite(organization, email, roles)),
            Self::Astra => Call::Astra(astra::Call::invite(organization, email, roles)),
        }
    }

    /// Gives a user these roles and no others.
    pub fn re_role(self, organization: &OrganizationId, user: &UserId, roles: &[RoleId]) -> Call {
        match self {
            Self::Astro => Call::Astro(astro::Call::re_role(organization, user, roles)),
            Self::Astra => Call::Astra(astra::Call::re_role(user, roles)),
        }
    }

    /// Withdraws an invitation; nothing if the service needs the invitation's id and it is not known.
    pub fn withdraw(
        self,
        organization: &OrganizationId,
        user: &UserId,
        invite: Option<&InviteId>,
    ) -> Option<Call> {
        match self {
            Self::Astro => {
                invite.map(|invite| Call::Astro(astro::Call::withdraw(organization, invite)))
            }
            Self::Astra => Some(Call::Astra(astra::Call::remove(user))),
        }
    }

    /// Takes a member out of the organization.
    ///
    /// # Errors
    /// If the service's API cannot: where it is done instead.
    pub fn remove(self, user: &UserId) -> Result<Call, &'static str> {
        match self {
            Self::Astro => Err(astro::REMOVAL),
            Self::Astra => Ok(Call::Astra(astra::Call::remove(user))),
        }
    }

    /// The next call of a list of users that comes in pages, or `None` at its end.
    pub fn next_page(self, organization: &OrganizationId, page: &Change) -> Option<Call> {
        match page {
            Change::Users {
                users,
                offset,
                total: Some(total),
                ..
            } if !users.is_empty() => {
                let next = offset.saturating_add(u32::try_from(users.len()).unwrap_or(u32::MAX));
                (next < *total).then(|| self.list_users(organization, next))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Response;

    use super::*;

    #[test]
    fn a_listing_is_read_and_another_answer_is_not_taken_for_one() {
        let answer = |body: &str| Response::new(body.as_bytes().to_vec());
        let organizations = Service::Astra.list_organizations(0);
        let listed = answer(r#"{"id":"o1"}"#);
        let listed = organizations.read_listing(&Answer::from(&listed));
        assert_eq!(listed, organizations.read(answer(r#"{"id":"o1"}"#)));
        assert!(matches!(listed, Ok(Change::Organizations { total: 1, .. })));
        for service in Service::ALL {
            let user = service.get_user(&"o1".into(), &"u1".into());
            assert!(
                user.read_listing(&Answer::from(&answer("{}"))).is_err(),
                "{service:?}"
            );
        }
    }

    #[test]
    fn what_can_be_ended_is_what_a_call_can_be_made_for() {
        let (organization, user, invite) = ("o1".into(), "u1".into(), "i1".into());
        for service in Service::ALL {
            assert_eq!(service.ends(false, None), service.remove(&user).is_ok());
            for invite in [None, Some(&invite)] {
                let call = service.withdraw(&organization, &user, invite);
                assert_eq!(service.ends(true, invite), call.is_some());
            }
        }
    }

    #[test]
    fn forwards_what_an_operation_describes() {
        let changes = |service: Service, method, path, query| {
            service.forward(&method, path, query).map(|it| it.changes)
        };
        let page = "offset=0&limit=9";
        assert_eq!(
            changes(Service::Astro, Method::GET, "/organizations/c1/users", page),
            Some(false)
        );
        assert_eq!(
            changes(Service::Astro, Method::GET, "/users/self", ""),
            Some(false)
        );
        assert_eq!(
            changes(
                Service::Astro,
                Method::POST,
                "/organizations/c1/invites",
                ""
            ),
            Some(true)
        );
        assert_eq!(
            changes(Service::Astra, Method::PUT, "/organizations/users", ""),
            Some(true)
        );
        assert_eq!(
            changes(
                Service::Astra,
                Method::DELETE,
                "/organizations/users/u1",
                ""
            ),
            Some(true)
        );
    }

    #[test]
    fn forwards_nothing_else() {
        for (service, method, path, query) in [
            (
                Service::Astro,
                Method::GET,
                "/organizations/c1/audit-logs",
                "",
            ),
            (
                Service::Astro,
                Method::DELETE,
                "/organizations/c1/users/u1",
                "",
            ),
            (
                Service::Astro,
                Method::GET,
                "/organizations/c1/users",
                "token=x",
            ),
            (Service::Astro, Method::GET, "/organizations/../users", ""),
            (Service::Astra, Method::GET, "/clientIdSecrets", ""),
            (Service::Astra, Method::POST, "/organizations/users", ""),
            (
                Service::Astra,
                Method::GET,
                "/organizations/users/a%2Fb",
                "",
            ),
        ] {
            assert_eq!(
                service.forward(&method, path, query),
                None,
                "{method} {path}"
            );
        }
    }

    #[test]
    fn every_call_is_on_its_gateways_list_and_can_be_stored() {
        let (organization, user): (OrganizationId, UserId) = ("c1".into(), "u1".into());
        let email: Email = "a@example.com".parse().unwrap();
        for service in Service::ALL {
            let mut calls = vec![
                service.list_organizations(0),
                service.get_organization(&organization),
                service.list_users(&organization, 1000),
                service.get_user(&organization, &user),
                service.invite(&organization, &email, &service.default_roles()),
                service.re_role(&organization, &user, &service.default_roles()),
                service
                    .withdraw(&organization, &user, Some(&"i1".into()))
                    .unwrap(),
            ];
            calls.extend(service.get_me());
            calls.extend(service.list_roles());
            calls.extend(service.list_teams(&organization, &user));
            calls.extend(service.list_workspaces(&organization));
            for call in calls {
                let request = call.to_http(&Site {
                    base: "",
                    token: None,
                });
                let (path, query) = (request.uri().path(), request.uri().query().unwrap_or(""));
                assert!(
                    service.forward(request.method(), path, query).is_some(),
                    "{path}?{query}"
                );
                let incoming = Incoming {
                    method: request.method(),
                    path,
                    query,
                    body: request.body(),
                };
                let received = Call::receive(service, &incoming).unwrap().unwrap();
                assert_eq!(received, call, "{path}?{query}");
                assert_eq!(call.changes(), *request.method() != Method::GET);
                let stored = serde_json::to_string(&call).unwrap();
                assert_eq!(
                    serde_json::from_str::<Call>(&stored).unwrap(),
                    call,
                    "{stored}"
                );
            }
        }
    }

    #[test]
    fn pages_follow_one_another_to_the_end() {
        let organization = "c1".into();
        let page = |offset, n, total| Change::Users {
            users: vec![crate::testing::user("u", "a@example.com"); n],
            offset,
            total: Some(total),
            organization: None,
        };
        let next = |page: &Change| Service::Astro.next_page(&organization, page);
        assert_eq!(
            next(&page(1000, 1000, 2500)),
            Some(Service::Astro.list_users(&organization, 2000))
        );
        assert_eq!(
            next(&page(0, 100, 2500)),
            Some(Service::Astro.list_users(&organization, 100)),
            "a short one is not the last"
        );
        assert_eq!(next(&page(2000, 500, 2500)), None);
        assert_eq!(next(&page(1000, 0, 2500)), None, "a list that shrank");
    }
}
