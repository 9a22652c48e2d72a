//! Calls as JavaScript sees them.

use rolecall_core::astra::{self, invite_user, update_user_roles as astra_update};
use rolecall_core::astro::{self, Paging, create_invite, update_user_roles as astro_update};
use rolecall_core::json::{self, Fields, FromJson, Json, Misfits, ToJson, Writer};
use rolecall_core::service::{self, Service};

use crate::{Misuse, misfit};

/// An operation of either service in one flat shape: `service` and `type` say which, the rest is
/// what that one needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call(pub service::Call);

/// Reads the argument that is a call.
///
/// # Errors
///
/// If it is something else, or lacks what its operation needs.
pub(crate) fn read(json: &str) -> Result<service::Call, Misuse> {
    let mut call = None;
    let mut misuse = None;
    let mut take = |json: &Json<'_>, misfits: &mut Misfits| {
        let fields = json.fields(misfits);
        let service = fields.get(&["service"], misfits);
        let (operation, _) = fields.tag("type", misfits);
        let mut given = Given {
            service,
            operation,
            fields,
            misfits,
            misuse: None,
        };
        call = Some(match service {
            Service::Astro => service::Call::Astro(given.astro()),
            Service::Astra => service::Call::Astra(given.astra()),
        });
        misuse = given.misuse;
    };
    json::read(json.as_bytes(), &mut take).map_err(|error| misfit("call", &error))?;
    misuse.map_or(Ok(()), Err)?;
    Ok(call.expect("a call that can be read is read"))
}

/// A call while it is read. What is wrong with it is noted, and something stands in its place, as in all that is read
/// from JSON: a way out at each field would be more code.
struct Given<'j, 'm> {
    service: Service,
    operation: &'j str,
    fields: Fields<'j>,
    misfits: &'m mut Misfits,
    /// What is wrong first.
    misuse: Option<Misuse>,
}

impl Given<'_, '_> {
    fn get<T: FromJson>(&mut self, field: &str) -> Option<T> {
        self.fields.get(&[field], self.misfits)
    }

    /// Notes what a call of this type needs, and has not got.
    fn lacks(&mut self, field: &str) {
        let (operation, service) = (self.operation, self.service.name());
        let lacks = || format!("call.{field}: `{operation}` of {service} needs it");
        self.misuse.get_or_insert_with(lacks);
    }

    fn needed<T: FromJson + Default>(&mut self, field: &str) -> T {
        self.get(field).unwrap_or_else(|| {
            self.lacks(field);
            T::default()
        })
    }

    fn text(&mut self, field: &str) -> String {
        self.needed(field)
    }

    /// An id, which stands in a path: nothing in it may lead elsewhere.
    fn plain(&mut self, field: &str) -> String {
        let id = self.text(field);
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        if id.is_empty() || id.len() > 128 || !id.bytes().all(plain) {
            let is = || format!("call.{field}: an id has 1 to 128 letters, digits, `-` and `_`");
            self.misuse.get_or_insert_with(is);
        }
        id
    }

    fn id<T: From<String>>(&mut self, field: &str) -> T {
        self.plain(field).into()
    }

    fn organization<T: From<String>>(&mut self) -> T {
        self.id("organization")
    }

    fn user<T: From<String>>(&mut self) -> T {
        self.id("user")
    }

    fn paging(&mut self) -> Paging {
        let all = Paging::default();
        Paging {
            offset: self.get("offset").unwrap_or(all.offset),
            limit: self.get("limit").unwrap_or(all.limit),
        }
    }

    fn roles(&mut self) -> Vec<astra::RoleId> {
        self.needed("roles")
    }

    fn astro(&mut self) -> astro::Call {
        use astro::Call;
        match self.operation {
            "listOrganizations" => Call::ListOrganizations(astro::ListOrganizations {
                paging: self.paging(),
            }),
            "getOrganization" => Call::GetOrganization(astro::GetOrganization {
                organization: self.organization(),
            }),
            "getSelfUser" => Call::GetSelfUser(astro::GetSelfUser {}),
            "listUsers" => Call::ListUsers(astro::ListUsers {
                organization: self.organization(),
                paging: self.paging(),
            }),
            "getUser" => Call::GetUser(astro::GetUser {
                organization: self.organization(),
                user: self.user(),
            }),
            "listUserTeams" => Call::ListUserTeams(astro::ListUserTeams {
                organization: self.organization(),
                user: self.user(),
                paging: self.paging(),
            }),
            "listWorkspaces" => Call::ListWorkspaces(astro::ListWorkspaces {
                organization: self.organization(),
                paging: self.paging(),
            }),
            "listRoles" => Call::ListRoles(astro::ListRoles {
                organization: self.organization(),
                include_default_roles: self.get("includeDefaultRoles").unwrap_or(false),
                paging: self.paging(),
            }),
            "createInvite" => Call::CreateInvite(astro::CreateInvite {
                organization: self.organization(),
                body: create_invite::NewInvite {
                    invitee_email: self.text("email"),
                    role: self.text("role").into(),
                },
            }),
            "deleteInvite" => Call::DeleteInvite(astro::DeleteInvite {
                organization: self.organization(),
                invite: self.id("invite"),
            }),
            "updateUserRoles" => {
                let body = astro_update::RoleSet {
                    organization_role: self.get("role"),
                    workspace_roles: self.get("workspaceRoles"),
                    deployment_roles: self.get("deploymentRoles"),
                    dag_roles: self.get("dagRoles"),
                };
                // an update without any role would change nothing, and the service refuses it
                if body == astro_update::RoleSet::default() {
                    self.lacks("role");
                }
                Call::UpdateUserRoles(astro::UpdateUserRoles {
                    organization: self.organization(),
                    user: self.user(),
                    body,
                })
            }
            _ => {
                self.unknown();
                Call::GetSelfUser(astro::GetSelfUser {})
            }
        }
    }

    fn astra(&mut self) -> astra::Call {
        use astra::Call;
        match self.operation {
            "getCurrentOrg" => Call::GetCurrentOrg(astra::GetCurrentOrg {}),
            "listUsers" => Call::ListUsers(astra::ListUsers {}),
            "getUser" => Call::GetUser(astra::GetUser { user: self.user() }),
            "listRoles" => Call::ListRoles(astra::ListRoles {}),
            "getRole" => Call::GetRole(astra::GetRole {
                role: self.id("role"),
            }),
            "inviteUser" => Call::InviteUser(astra::InviteUser {
                body: invite_user::NewInvite {
                    email: self.text("email"),
                    organization: self.organization(),
                    roles: self.roles(),
                },
            }),
            "updateUserRoles" => Call::UpdateUserRoles(astra::UpdateUserRoles {
                user: self.user(),
                body: astra_update::RoleSet {
                    roles: self.roles(),
                },
            }),
            "removeUser" => Call::RemoveUser(astra::RemoveUser { user: self.user() }),
            _ => {
                self.unknown();
                Call::GetCurrentOrg(astra::GetCurrentOrg {})
            }
        }
    }

    fn unknown(&mut self) {
        let (operation, service) = (self.operation, self.service.name());
        let unknown = || format!("call.type: {service} has no operation `{operation}`");
        self.misuse.get_or_insert_with(unknown);
    }
}

impl ToJson for Call {
    fn to_json(&self, to: &mut Writer) {
        to.open('{');
        to.field("service", &self.0.service());
        match &self.0 {
            service::Call::Astro(call) => Flat(to).astro(call),
            service::Call::Astra(call) => Flat(to).astra(call),
        };
        to.close('}');
    }
}

/// A call while it is written.
struct Flat<'w>(&'w mut Writer);

impl Flat<'_> {
    fn named(self, operation: &str) -> Self {
        self.0.field("type", operation);
        self
    }

    fn with(self, name: &str, value: &dyn ToJson) -> Self {
        self.0.field(name, value);
        self
    }

    fn with_some<T: ToJson>(self, name: &str, value: Option<&T>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    fn paged(self, paging: Paging) -> Self {
        self.with("offset", &paging.offset)
            .with("limit", &paging.limit)
    }

    fn astro(self, call: &astro::Call) -> Self {
        use astro::Call as It;
        match call {
            It::ListOrganizations(it) => self.named("listOrganizations").paged(it.paging),
            It::GetOrganization(it) => self
                .named("getOrganization")
                .with("organization", &it.organization),
            It::GetSelfUser(_) => self.named("getSelfUser"),
            It::ListUsers(it) => self
                .named("listUsers")
                .with("organization", &it.organization)
                .paged(it.paging),
            It::GetUser(it) => self
                .named("getUser")
                .with("organization", &it.organization)
                .with("user", &it.user),
            It::ListUserTeams(it) => self
                .named("listUserTeams")
                .with("organization", &it.organization)
                .with("user", &it.user)
                .paged(it.paging),
            It::ListWorkspaces(it) => self
                .named("listWorkspaces")
                .with("organization", &it.organization)
                .paged(it.paging),
            It::ListRoles(it) => self
                .named("listRoles")
                .with("organization", &it.organization)
                .with("includeDefaultRoles", &it.include_default_roles)
                .paged(it.paging),
            It::CreateInvite(it) => self
                .named("createInvite")
                .with("organization", &it.organization)
                .with("email", &it.body.invitee_email)
                .with("role", &it.body.role),
            It::DeleteInvite(it) => self
                .named("deleteInvite")
                .with("organization", &it.organization)
                .with("invite", &it.invite),
            It::UpdateUserRoles(it) => self
                .named("updateUserRoles")
                .with("organization", &it.organization)
                .with("user", &it.user)
                .with_some("role", it.body.organization_role.as_ref())
                .with_some("workspaceRoles", it.body.workspace_roles.as_ref())
                .with_some("deploymentRoles", it.body.deployment_roles.as_ref())
                .with_some("dagRoles", it.body.dag_roles.as_ref()),
        }
    }

    fn astra(self, call: &astra::Call) -> Self {
        use astra::Call as It;
        match call {
            It::GetCurrentOrg(_) => self.named("getCurrentOrg"),
            It::ListUsers(_) => self.named("listUsers"),
            It::GetUser(it) => self.named("getUser").with("user", &it.user),
            It::ListRoles(_) => self.named("listRoles"),
            It::GetRole(it) => self.named("getRole").with("role", &it.role),
            It::InviteUser(it) => self
                .named("inviteUser")
                .with("organization", &it.body.organization)
                .with("email", &it.body.email)
                .with("roles", &it.body.roles),
            It::UpdateUserRoles(it) => self
                .named("updateUserRoles")
                .with("user", &it.user)
                .with("roles", &it.body.roles),
            It::RemoveUser(it) => self.named("removeUser").with("user", &it.user),
        }
    }
}

#[cfg(test)]
mod tests {
    use rolecall_core::endpoint::Site;
    use serde_json::{Value, json};

    use super::*;
    use crate::answer;

    fn refused(call: Value) -> Misuse {
        read(&call.to_string()).unwrap_err()
    }

    /// Each operation, as small as it can be and as large.
    fn calls() -> Vec<Value> {
        let both = |service: &str, calls: Vec<Value>| {
            let named = |mut call: Value| {
                call["service"] = json!(service);
                call
            };
            calls.into_iter().map(named).collect::<Vec<_>>()
        };
        let page = |mut call: Value| {
            call["offset"] = json!(1000);
            call["limit"] = json!(500);
            call
        };
        let mut all = both(
            "astro",
            vec![
                page(json!({ "type": "listOrganizations" })),
                json!({ "type": "getOrganization", "organization": "o1" }),
                json!({ "type": "getSelfUser" }),
                page(json!({ "type": "listUsers", "organization": "o1" })),
                json!({ "type": "getUser", "organization": "o1", "user": "u1" }),
                page(json!({ "type": "listUserTeams", "organization": "o1", "user": "u1" })),
                page(json!({ "type": "listWorkspaces", "organization": "o1" })),
                page(
                    json!({ "type": "listRoles", "organization": "o1", "includeDefaultRoles": true }),
                ),
                json!({ "type": "createInvite", "organization": "o1", "email": "a@b.example", "role": "ORGANIZATION_MEMBER" }),
                json!({ "type": "deleteInvite", "organization": "o1", "invite": "i1" }),
                json!({ "type": "updateUserRoles", "organization": "o1", "user": "u1", "role": "ORGANIZATION_OWNER",
                    "workspaceRoles": [{ "workspaceId": "w1", "role": "WORKSPACE_MEMBER" }],
                    "deploymentRoles": [{ "deploymentId": "d1", "role": "DEPLOYMENT_ADMIN" }],
                    "dagRoles": [{ "deploymentId": "d1", "role": "DAG_VIEWER", "dagTag": "t" }] }),
            ],
        );
        all.extend(both(
            "astra",
            vec![
                json!({ "type": "getCurrentOrg" }),
                json!({ "type": "listUsers" }),
                json!({ "type": "getUser", "user": "u1" }),
                json!({ "type": "listRoles" }),
                json!({ "type": "getRole", "role": "r1" }),
                json!({ "type": "inviteUser", "organization": "o1", "email": "a@b.example", "roles": ["r1"] }),
                json!({ "type": "updateUserRoles", "user": "u1", "roles": ["r1", "r2"] }),
                json!({ "type": "removeUser", "user": "u1" }),
            ],
        ));
        all
    }

    #[test]
    fn every_operation_goes_in_and_comes_out_as_it_was() {
        let routes = astro::Call::ROUTES.len() + astra::Call::ROUTES.len();
        assert_eq!(calls().len(), routes, "each operation is among the calls");
        for call in calls() {
            let inner = read(&call.to_string()).unwrap();
            let service = inner.service();
            let request = inner.outgoing(&Site {
                base: "",
                token: None,
            });
            let back = serde_json::from_str::<Value>(&answer(&Call(inner))).unwrap();
            assert_eq!(back, call);
            let (path, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
            let forward = service.forward(&request.method, path, query);
            assert!(forward.is_some(), "{} {}", request.method, request.url);
        }
    }

    #[test]
    fn misuse_names_what_is_wrong() {
        let user = |id: &str| json!({ "service": "astra", "type": "getUser", "user": id });
        for id in ["", "..", "a/b", "a%2Fb", "ä", &"a".repeat(129)] {
            assert!(refused(user(id)).starts_with("call.user"), "{id}");
        }
        for (call, word) in [
            (
                json!({ "service": "astra", "type": "getUser" }),
                "call.user",
            ),
            (
                json!({ "service": "astra", "type": "getSelfUser" }),
                "call.type",
            ),
            (json!({ "service": "aster", "type": "listUsers" }), "call"),
            (
                json!({ "service": "astro", "type": "updateUserRoles", "organization": "o", "user": "u" }),
                "call.role",
            ),
        ] {
            assert!(refused(call).starts_with(word), "{word}");
        }
    }
}
