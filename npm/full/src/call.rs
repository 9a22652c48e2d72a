//! Calls as JavaScript sees them, and the requests they become.

use rolecall_core::astra::{self, invite_user, update_user_roles as astra_update};
use rolecall_core::astro::{
    self, DagRole, DeploymentRole, Paging, WorkspaceRole, create_invite,
    update_user_roles as astro_update,
};
use rolecall_core::endpoint::{Site, Token};
use rolecall_core::json::{FromJson, ToJson, Writer};
use rolecall_core::service::{self, Service};

use crate::{Misuse, answer, argument};

/// An operation of either service in one flat shape: `service` and `type` say which, the rest is
/// what that one needs.
#[derive(Clone, Debug, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    service: Service,
    #[serde(rename = "type")]
    operation: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    organization: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    invite: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    workspace_roles: Option<Vec<WorkspaceRole>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deployment_roles: Option<Vec<DeploymentRole>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dag_roles: Option<Vec<DagRole>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    include_default_roles: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    offset: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    limit: Option<u32>,
}

impl Call {
    fn new(service: Service, operation: &str) -> Self {
        Self {
            service,
            operation: operation.to_owned(),
            organization: None,
            user: None,
            invite: None,
            email: None,
            role: None,
            roles: None,
            workspace_roles: None,
            deployment_roles: None,
            dag_roles: None,
            include_default_roles: None,
            offset: None,
            limit: None,
        }
    }

    fn paging(&self) -> Paging {
        let all = Paging::default();
        Paging {
            offset: self.offset.unwrap_or(all.offset),
            limit: self.limit.unwrap_or(all.limit),
        }
    }

    fn paged(self, paging: Paging) -> Self {
        Self {
            offset: Some(paging.offset),
            limit: Some(paging.limit),
            ..self
        }
    }

    fn in_organization(self, organization: &impl ToString) -> Self {
        Self {
            organization: Some(organization.to_string()),
            ..self
        }
    }

    fn of_user(self, user: &impl ToString) -> Self {
        Self {
            user: Some(user.to_string()),
            ..self
        }
    }

    fn with_roles(self, roles: &[impl ToString]) -> Self {
        Self {
            roles: Some(roles.iter().map(ToString::to_string).collect()),
            ..self
        }
    }

    /// What a call of this type needs, and has not got.
    fn needs(&self, field: &str) -> Misuse {
        let Self {
            service, operation, ..
        } = self;
        format!("call.{field}: `{operation}` of {} needs it", service.name())
    }

    /// An id, which stands in a path: nothing in it may lead elsewhere.
    fn id<T: From<String>>(&self, field: &str, given: &Option<String>) -> Result<T, Misuse> {
        let id = given.as_ref().ok_or_else(|| self.needs(field))?;
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        if id.is_empty() || id.len() > 128 || !id.bytes().all(plain) {
            return Err(format!(
                "call.{field}: an id has 1 to 128 letters, digits, `-` and `_`"
            ));
        }
        Ok(id.clone().into())
    }

    fn organization<T: From<String>>(&self) -> Result<T, Misuse> {
        self.id("organization", &self.organization)
    }

    fn user<T: From<String>>(&self) -> Result<T, Misuse> {
        self.id("user", &self.user)
    }

    fn email(&self) -> Result<String, Misuse> {
        self.email.clone().ok_or_else(|| self.needs("email"))
    }

    fn role_ids<T: From<String>>(&self) -> Result<Vec<T>, Misuse> {
        let roles = self.roles.clone().ok_or_else(|| self.needs("roles"))?;
        Ok(roles.into_iter().map(T::from).collect())
    }

    fn astro(&self) -> Result<astro::Call, Misuse> {
        use astro::Call;
        Ok(match self.operation.as_str() {
            "listOrganizations" => Call::ListOrganizations(astro::ListOrganizations {
                paging: self.paging(),
            }),
            "getOrganization" => Call::GetOrganization(astro::GetOrganization {
                organization: self.organization()?,
            }),
            "getSelfUser" => Call::GetSelfUser(astro::GetSelfUser {}),
            "listUsers" => Call::ListUsers(astro::ListUsers {
                organization: self.organization()?,
                paging: self.paging(),
            }),
            "getUser" => Call::GetUser(astro::GetUser {
                organization: self.organization()?,
                user: self.user()?,
            }),
            "listUserTeams" => Call::ListUserTeams(astro::ListUserTeams {
                organization: self.organization()?,
                user: self.user()?,
                paging: self.paging(),
            }),
            "listWorkspaces" => Call::ListWorkspaces(astro::ListWorkspaces {
                organization: self.organization()?,
                paging: self.paging(),
            }),
            "listRoles" => Call::ListRoles(astro::ListRoles {
                organization: self.organization()?,
                include_default_roles: self.include_default_roles.unwrap_or(false),
                paging: self.paging(),
            }),
            "createInvite" => Call::CreateInvite(astro::CreateInvite {
                organization: self.organization()?,
                body: create_invite::NewInvite {
                    invitee_email: self.email()?,
                    role: self.role.clone().ok_or_else(|| self.needs("role"))?.into(),
                },
            }),
            "deleteInvite" => Call::DeleteInvite(astro::DeleteInvite {
                organization: self.organization()?,
                invite: self.id("invite", &self.invite)?,
            }),
            "updateUserRoles" => {
                let body = astro_update::RoleSet {
                    organization_role: self.role.clone().map(Into::into),
                    workspace_roles: self.workspace_roles.clone(),
                    deployment_roles: self.deployment_roles.clone(),
                    dag_roles: self.dag_roles.clone(),
                };
                // an update without any role would change nothing, and the service refuses it
                if body == astro_update::RoleSet::default() {
                    return Err(self.needs("role"));
                }
                Call::UpdateUserRoles(astro::UpdateUserRoles {
                    organization: self.organization()?,
                    user: self.user()?,
                    body,
                })
            }
            _ => return Err(self.unknown()),
        })
    }

    fn astra(&self) -> Result<astra::Call, Misuse> {
        use astra::Call;
        Ok(match self.operation.as_str() {
            "getCurrentOrg" => Call::GetCurrentOrg(astra::GetCurrentOrg {}),
            "listUsers" => Call::ListUsers(astra::ListUsers {}),
            "getUser" => Call::GetUser(astra::GetUser { user: self.user()? }),
            "listRoles" => Call::ListRoles(astra::ListRoles {}),
            "getRole" => Call::GetRole(astra::GetRole {
                role: self.id("role", &self.role)?,
            }),
            "inviteUser" => Call::InviteUser(astra::InviteUser {
                body: invite_user::NewInvite {
                    email: self.email()?,
                    organization: self.organization()?,
                    roles: self.role_ids()?,
                },
            }),
            "updateUserRoles" => Call::UpdateUserRoles(astra::UpdateUserRoles {
                user: self.user()?,
                body: astra_update::RoleSet {
                    roles: self.role_ids()?,
                },
            }),
            "removeUser" => Call::RemoveUser(astra::RemoveUser { user: self.user()? }),
            _ => return Err(self.unknown()),
        })
    }

    fn unknown(&self) -> Misuse {
        let Self {
            service, operation, ..
        } = self;
        format!(
            "call.type: {} has no operation `{operation}`",
            service.name()
        )
    }
}

impl TryFrom<&Call> for service::Call {
    type Error = Misuse;

    fn try_from(call: &Call) -> Result<Self, Misuse> {
        Ok(match call.service {
            Service::Astro => Self::Astro(call.astro()?),
            Service::Astra => Self::Astra(call.astra()?),
        })
    }
}

impl From<&service::Call> for Call {
    fn from(call: &service::Call) -> Self {
        match call {
            service::Call::Astro(call) => of_astro(call),
            service::Call::Astra(call) => of_astra(call),
        }
    }
}

fn of_astro(call: &astro::Call) -> Call {
    use astro::Call as It;
    let new = |operation| Call::new(Service::Astro, operation);
    match call {
        It::ListOrganizations(it) => new("listOrganizations").paged(it.paging),
        It::GetOrganization(it) => new("getOrganization").in_organization(&it.organization),
        It::GetSelfUser(_) => new("getSelfUser"),
        It::ListUsers(it) => new("listUsers")
            .in_organization(&it.organization)
            .paged(it.paging),
        It::GetUser(it) => new("getUser")
            .in_organization(&it.organization)
            .of_user(&it.user),
        It::ListUserTeams(it) => new("listUserTeams")
            .in_organization(&it.organization)
            .of_user(&it.user)
            .paged(it.paging),
        It::ListWorkspaces(it) => new("listWorkspaces")
            .in_organization(&it.organization)
            .paged(it.paging),
        It::ListRoles(it) => Call {
            include_default_roles: Some(it.include_default_roles),
            ..new("listRoles")
                .in_organization(&it.organization)
                .paged(it.paging)
        },
        It::CreateInvite(it) => Call {
            email: Some(it.body.invitee_email.clone()),
            role: Some(it.body.role.as_str().to_owned()),
            ..new("createInvite").in_organization(&it.organization)
        },
        It::DeleteInvite(it) => Call {
            invite: Some(it.invite.to_string()),
            ..new("deleteInvite").in_organization(&it.organization)
        },
        It::UpdateUserRoles(it) => Call {
            role: it
                .body
                .organization_role
                .as_ref()
                .map(|role| role.as_str().to_owned()),
            workspace_roles: it.body.workspace_roles.clone(),
            deployment_roles: it.body.deployment_roles.clone(),
            dag_roles: it.body.dag_roles.clone(),
            ..new("updateUserRoles")
                .in_organization(&it.organization)
                .of_user(&it.user)
        },
    }
}

fn of_astra(call: &astra::Call) -> Call {
    use astra::Call as It;
    let new = |operation| Call::new(Service::Astra, operation);
    match call {
        It::GetCurrentOrg(_) => new("getCurrentOrg"),
        It::ListUsers(_) => new("listUsers"),
        It::GetUser(it) => new("getUser").of_user(&it.user),
        It::ListRoles(_) => new("listRoles"),
        It::GetRole(it) => Call {
            role: Some(it.role.to_string()),
            ..new("getRole")
        },
        It::InviteUser(it) => Call {
            email: Some(it.body.email.clone()),
            ..new("inviteUser")
                .in_organization(&it.body.organization)
                .with_roles(&it.body.roles)
        },
        It::UpdateUserRoles(it) => new("updateUserRoles")
            .of_user(&it.user)
            .with_roles(&it.body.roles),
        It::RemoveUser(it) => new("removeUser").of_user(&it.user),
    }
}

#[derive(FromJson)]
struct Given {
    base: Option<String>,
    token: Option<String>,
}

/// What `fetch` takes.
#[derive(ToJson)]
struct Built<'r> {
    method: &'r str,
    url: String,
    headers: Headers,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'r str>,
}

/// Names and values, in order of the names.
struct Headers(Vec<(&'static str, String)>);

impl ToJson for Headers {
    fn to_json(&self, to: &mut Writer) {
        to.open('{');
        for (name, value) in &self.0 {
            to.field(name, value);
        }
        to.close('}');
    }
}

/// Builds the request of a call: to the service itself, or below `options.base`; with the
/// `Authorization` of `options.token`, if there is one.
///
/// # Errors
///
/// If the call lacks something, an id could lead elsewhere, or base or token cannot stand in a
/// request.
pub fn build_request(call: &str, options: &str) -> Result<String, Misuse> {
    let call: Call = argument("call", call)?;
    let given: Given = argument("options", options)?;
    let built = service::Call::try_from(&call)?;
    let base = given.base.as_deref().unwrap_or(call.service.base());
    let base = base.strip_suffix('/').unwrap_or(base);
    if !is_base(base) {
        return Err(format!(
            "options.base: `{base}` is neither the address of a server nor a path from its root"
        ));
    }
    let token = given.token.as_deref().map(Token::new);
    if let Some(token) = &token
        && (token.expose().is_empty() || token.authorization().is_none())
    {
        return Err("options.token: this cannot stand in a header".to_owned());
    }
    let request = built.outgoing(&Site {
        base,
        token: token.as_ref(),
    });
    Ok(answer(&Built {
        method: request.method.as_str(),
        headers: Headers(request.headers()),
        url: request.url,
        body: request
            .body
            .as_deref()
            .and_then(|body| std::str::from_utf8(body).ok()),
    }))
}

/// Whether a path can follow: an address with `http` or `https`, a path from the root, or nothing.
fn is_base(base: &str) -> bool {
    let plain = |b: u8| b.is_ascii_graphic() && !br#"?#"<>\^`{|}"#.contains(&b);
    let rooted = base.starts_with('/') && !base.starts_with("//");
    let host = base.split_once("://").and_then(|(scheme, rest)| {
        let known = ["http", "https"];
        let is_known = known.iter().any(|it| scheme.eq_ignore_ascii_case(it));
        is_known.then(|| rest.split('/').next().unwrap_or_default())
    });
    let named = host.is_some_and(is_host);
    base.is_empty() || ((rooted || named) && base.bytes().all(plain))
}

/// Whether a host with or without a port; credentials in an address are none of ours.
fn is_host(text: &str) -> bool {
    let is_port = |it: &str| it.bytes().all(|b| b.is_ascii_digit());
    match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']').is_some_and(|(ip, end)| {
            !ip.is_empty() && (end.is_empty() || end.strip_prefix(':').is_some_and(is_port))
        }),
        None => {
            let (name, port) = text.split_once(':').unwrap_or((text, ""));
            !name.is_empty() && !name.contains(['@', '[', ']']) && is_port(port)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn built(call: Value, options: Value) -> Value {
        let built = build_request(&call.to_string(), &options.to_string()).unwrap();
        serde_json::from_str(&built).unwrap()
    }

    fn refused(call: Value, options: Value) -> Misuse {
        build_request(&call.to_string(), &options.to_string()).unwrap_err()
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
            let read: Call = serde_json::from_value(call.clone()).unwrap();
            let inner = service::Call::try_from(&read).unwrap();
            let back = serde_json::from_str::<Value>(&answer(&Call::from(&inner))).unwrap();
            assert_eq!(back, call);
            let request = built(call.clone(), json!({ "base": "" }));
            let url = request["url"].as_str().unwrap();
            let (path, query) = url.split_once('?').unwrap_or((url, ""));
            let method = request["method"].as_str().unwrap().parse().unwrap();
            let forward = read.service.forward(&method, path, query);
            assert!(forward.is_some(), "{method} {url}");
        }
    }

    #[test]
    fn a_request_is_what_fetch_takes() {
        let invite = json!({ "service": "astro", "type": "createInvite", "organization": "o1",
            "email": "a@b.example", "role": "ORGANIZATION_MEMBER" });
        assert_eq!(
            built(invite, json!({ "token": "t0" })),
            json!({
                "method": "POST",
                "url": "https://api.astronomer.io/v1/organizations/o1/invites",
                "headers": { "accept": "application/json", "authorization": "Bearer t0",
                    "content-type": "application/json" },
                "body": r#"{"inviteeEmail":"a@b.example","role":"ORGANIZATION_MEMBER"}"#,
            })
        );
        let list = json!({ "service": "astra", "type": "listUsers" });
        let request = built(list, json!({ "base": "/api/c/x/" }));
        assert_eq!(request["url"], "/api/c/x/organizations/users");
        assert_eq!(request.get("body"), None);
    }

    #[test]
    fn misuse_names_what_is_wrong() {
        let user = |id: &str| json!({ "service": "astra", "type": "getUser", "user": id });
        for id in ["", "..", "a/b", "a%2Fb", "ä", &"a".repeat(129)] {
            assert!(
                refused(user(id), json!({})).starts_with("call.user"),
                "{id}"
            );
        }
        let none = json!({});
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
            assert!(refused(call, none.clone()).starts_with(word), "{word}");
        }
        for base in [
            "api",
            "//host",
            "ftp://host",
            "http://host/a?b",
            "http://host/#a",
            "http://a b",
            "http://",
            "http://a:b:c",
            "http://[::1",
            "http://me@host",
        ] {
            let options = json!({ "base": base });
            assert!(
                refused(user("u"), options).starts_with("options.base"),
                "{base}"
            );
        }
        for base in [
            "http://host:8080/v1",
            "https://[::1]:8080",
            "HTTP://host",
            "/api",
        ] {
            let built = build_request(&user("u").to_string(), &json!({ "base": base }).to_string());
            assert!(built.is_ok(), "{base}");
        }
        for token in ["", " ", "a\nb"] {
            let misuse = refused(user("u"), json!({ "token": token }));
            assert!(misuse.starts_with("options.token"), "{token:?}");
        }
    }
}
