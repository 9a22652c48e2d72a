//! Astro's state: all of its SQL but the seed's.

use rolecall_core::astro::list_roles::CustomRole;
use rolecall_core::astro::list_user_teams::Team;
use rolecall_core::astro::update_user_roles::RoleSet;
use rolecall_core::astro::{OrganizationRole, Paging, Status, Subject, User};
use rolecall_core::json::Rest;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Result, Row, ToSql, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::rest::object;

/// The tables, asked by name.
#[derive(Clone, Copy)]
pub(super) struct Store<'c>(pub(super) &'c Connection);

/// An organization.
pub(super) struct Organization {
    pub(super) key: i64,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) created_at: String,
    pub(super) updated_at: String,
    pub(super) founder: Subject,
}

/// The person behind a token.
pub(super) struct Caller {
    pub(super) user: String,
    /// Id of the token's own organization.
    pub(super) organization: String,
}

/// Which users of an organization.
#[derive(Default)]
pub(super) struct Filter {
    pub(super) workspace: Option<String>,
    pub(super) deployment: Option<String>,
    pub(super) dag: Option<String>,
    pub(super) dag_tags: Vec<String>,
}

/// A workspace.
pub(super) struct Workspace {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) created_at: String,
}

/// An invitation.
pub(super) struct Invite {
    pub(super) id: String,
    pub(super) user: String,
    pub(super) expires_at: String,
}

const ORGANIZATION: &str = "SELECT o.key, o.id, o.name, o.created_at, o.updated_at,
        f.id, f.username, f.full_name, f.avatar_url
    FROM astro_organization o
    JOIN astro_user f ON f.organization = o.key AND f.id = o.founder";

/// Organizations in which a person has a role.
const SEEN: &str = "JOIN astro_user u ON u.organization = o.key AND u.id = ?1
        AND u.organization_role IS NOT NULL AND u.status = 'ACTIVE'";

const USER: &str = "SELECT id, username, full_name, avatar_url, status, created_at, updated_at,
        organization_role, workspace_roles, deployment_roles, dag_roles
    FROM astro_user";

impl Store<'_> {
    pub(super) fn caller(&self, token: &str) -> Result<Option<Caller>> {
        self.0
            .prepare_cached(
                "SELECT t.user_id, o.id FROM astro_token t
                 JOIN astro_organization o ON o.key = t.organization WHERE t.token = ?1",
            )?
            .query_row([token], |row| {
                Ok(Caller {
                    user: row.get(0)?,
                    organization: row.get(1)?,
                })
            })
            .optional()
    }

    /// Organizations which a person sees, and how many there are.
    pub(super) fn organizations(
        &self,
        user: &str,
        order: &str,
        paging: Paging,
    ) -> Result<(Vec<Organization>, u32)> {
        let total = self
            .0
            .prepare_cached(&format!("SELECT count(*) FROM astro_organization o {SEEN}"))?
            .query_row([user], |row| row.get(0))?;
        let page = self
            .0
            .prepare_cached(&format!(
                "{ORGANIZATION} {SEEN} ORDER BY {order} LIMIT ?2 OFFSET ?3"
            ))?
            .query_map(params![user, paging.limit, paging.offset], organization)?
            .collect::<Result<_>>()?;
        Ok((page, total))
    }

    /// An organization that a person sees, and the person's role in it.
    pub(super) fn organization(
        &self,
        user: &str,
        id: &str,
    ) -> Result<Option<(Organization, OrganizationRole)>> {
        let Some(found) = self
            .0
            .prepare_cached(&format!("{ORGANIZATION} {SEEN} WHERE o.id = ?2"))?
            .query_row([user, id], organization)
            .optional()?
        else {
            return Ok(None);
        };
        let role: String = self
            .0
            .prepare_cached(
                "SELECT organization_role FROM astro_user WHERE organization = ?1 AND id = ?2",
            )?
            .query_row(params![found.key, user], |row| row.get(0))?;
        Ok(Some((found, role.into())))
    }

    pub(super) fn users(
        &self,
        organization: i64,
        filter: &Filter,
        order: &str,
        paging: Paging,
    ) -> Result<(Vec<User>, u32)> {
        let tags = json(&filter.dag_tags);
        let mut wanted = "organization = :organization".to_owned();
        let mut values: Vec<(&str, &dyn ToSql)> = vec![(":organization", &organization)];
        let scoped: [(_, _, _, Option<&String>); 4] = [
            (
                ":workspace",
                "workspace_roles",
                "value ->> 'workspaceId' = :workspace",
                filter.workspace.as_ref(),
            ),
            (
                ":deployment",
                "deployment_roles",
                "value ->> 'deploymentId' = :deployment",
                filter.deployment.as_ref(),
            ),
            (
                ":dag",
                "dag_roles",
                "value ->> 'dagId' = :dag",
                filter.dag.as_ref(),
            ),
            (
                ":tags",
                "dag_roles",
                "value ->> 'dagTag' IN (SELECT value FROM json_each(:tags))",
                (!filter.dag_tags.is_empty()).then_some(&tags),
            ),
        ];
        for (name, list, condition, value) in scoped {
            if let Some(value) = value {
                wanted += &format!(
                    " AND EXISTS (SELECT 1 FROM json_each(astro_user.{list}) WHERE {condition})"
                );
                values.push((name, value));
            }
        }
        let total = self
            .0
            .prepare_cached(&format!("SELECT count(*) FROM astro_user WHERE {wanted}"))?
            .query_row(&*values, |row| row.get(0))?;
        values.push((":limit", &paging.limit));
        values.push((":offset", &paging.offset));
        let page = self
            .0
            .prepare_cached(&format!(
                "{USER} WHERE {wanted} ORDER BY {order} LIMIT :limit OFFSET :offset"
            ))?
            .query_map(&*values, user)?
            .collect::<Result<_>>()?;
        Ok((page, total))
    }

    pub(super) fn user(&self, organization: i64, id: &str) -> Result<Option<User>> {
        self.0
            .prepare_cached(&format!("{USER} WHERE organization = ?1 AND id = ?2"))?
            .query_row(params![organization, id], user)
            .optional()
    }

    /// The person behind an address, in whichever organization.
    pub(super) fn person(&self, username_key: &str) -> Result<Option<User>> {
        self.0
            .prepare_cached(&format!(
                "{USER} WHERE username_key = ?1 ORDER BY organization LIMIT 1"
            ))?
            .query_row([username_key], user)
            .optional()
    }

    pub(super) fn address_of_user(&self, id: &str) -> Result<Option<String>> {
        self.0
            .prepare_cached("SELECT username FROM astro_user WHERE id = ?1 LIMIT 1")?
            .query_row([id], |row| row.get(0))
            .optional()
    }

    pub(super) fn address_of_invite(&self, id: &str) -> Result<Option<String>> {
        self.0
            .prepare_cached(
                "SELECT username FROM astro_invite i
                 JOIN astro_user u ON u.id = i.user_id AND u.organization = i.organization
                 WHERE i.id = ?1",
            )?
            .query_row([id], |row| row.get(0))
            .optional()
    }

    pub(super) fn is_listed(&self, organization: i64, username_key: &str) -> Result<bool> {
        self.0
            .prepare_cached(
                "SELECT 1 FROM astro_user WHERE organization = ?1 AND username_key = ?2",
            )?
            .exists(params![organization, username_key])
    }

    /// A person with all the places where there is a role: organization id and the user there.
    pub(super) fn everywhere(&self, id: &str) -> Result<Vec<(String, User)>> {
        self.0
            .prepare_cached(
                "SELECT u.id, username, full_name, avatar_url, status, u.created_at, u.updated_at,
                     organization_role, workspace_roles, deployment_roles, dag_roles, o.id
                 FROM astro_user u JOIN astro_organization o ON o.key = u.organization
                 WHERE u.id = ?1 ORDER BY o.key",
            )?
            .query_map([id], |row| Ok((row.get(11)?, user(row)?)))?
            .collect()
    }

    pub(super) fn add_user(&self, organization: i64, user: &User) -> Result<()> {
        self.0
            .prepare_cached(
                "INSERT INTO astro_user (organization, id, username, username_key, full_name,
                     avatar_url, status, created_at, updated_at, organization_role,
                     workspace_roles, deployment_roles, dag_roles)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )?
            .execute(params![
                organization,
                user.id.as_str(),
                user.username,
                user.username.to_lowercase(),
                user.full_name,
                user.avatar_url,
                user.status.as_str(),
                user.created_at,
                user.updated_at,
                user.organization_role.as_ref().map(|role| role.as_str()),
                json(&user.workspace_roles),
                json(&user.deployment_roles),
                json(&user.dag_roles),
            ])?;
        Ok(())
    }

    /// Writes the roles of a set; what it leaves out stays.
    pub(super) fn set_roles(
        &self,
        organization: i64,
        id: &str,
        roles: &RoleSet,
        now: &str,
    ) -> Result<()> {
        self.0
            .prepare_cached(
                "UPDATE astro_user SET updated_at = ?3,
                     organization_role = coalesce(?4, organization_role),
                     workspace_roles = coalesce(?5, workspace_roles),
                     deployment_roles = coalesce(?6, deployment_roles),
                     dag_roles = coalesce(?7, dag_roles)
                 WHERE organization = ?1 AND id = ?2",
            )?
            .execute(params![
                organization,
                id,
                now,
                roles.organization_role.as_ref().map(|role| role.as_str()),
                roles.workspace_roles.as_ref().map(json),
                roles.deployment_roles.as_ref().map(json),
                roles.dag_roles.as_ref().map(json),
            ])?;
        Ok(())
    }

    /// Owners who have joined.
    pub(super) fn owners(&self, organization: i64) -> Result<u32> {
        self.0
            .prepare_cached(
                "SELECT count(*) FROM astro_user WHERE organization = ?1
                     AND organization_role = 'ORGANIZATION_OWNER' AND status = 'ACTIVE'",
            )?
            .query_row([organization], |row| row.get(0))
    }

    pub(super) fn add_invite(&self, organization: i64, invite: &Invite) -> Result<()> {
        self.0
            .prepare_cached("INSERT INTO astro_invite VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![
                invite.id,
                organization,
                invite.user,
                invite.expires_at
            ])?;
        Ok(())
    }

    /// Makes pending users active, with a name from their address, and spends their invitations.
    pub(super) fn accept(&self, username_key: &str, now: &str) -> Result<usize> {
        self.0
            .prepare_cached(
                "DELETE FROM astro_invite WHERE user_id IN
                     (SELECT id FROM astro_user WHERE username_key = ?1)",
            )?
            .execute([username_key])?;
        let name = name_from(username_key);
        self.0
            .prepare_cached(
                "UPDATE astro_user SET status = 'ACTIVE', full_name = ?2, updated_at = ?3
                 WHERE username_key = ?1 AND status = 'PENDING'",
            )?
            .execute([username_key, &name, now])
    }

    /// Withdraws an invitation and its pending user; whether there was one.
    pub(super) fn remove_invite(&self, organization: i64, invite: &str) -> Result<bool> {
        let user: Option<String> = self
            .0
            .prepare_cached(
                "DELETE FROM astro_invite WHERE id = ?1 AND organization = ?2 RETURNING user_id",
            )?
            .query_row(params![invite, organization], |row| row.get(0))
            .optional()?;
        let Some(user) = user else { return Ok(false) };
        self.0
            .prepare_cached(
                "DELETE FROM astro_user
                 WHERE id = ?1 AND organization = ?2 AND status = 'PENDING'",
            )?
            .execute(params![user, organization])?;
        Ok(true)
    }

    pub(super) fn workspaces(&self, organization: i64, order: &str) -> Result<Vec<Workspace>> {
        self.0
            .prepare_cached(&format!(
                "SELECT id, name, description, created_at FROM astro_workspace
                 WHERE organization = ?1 ORDER BY {order}"
            ))?
            .query_map([organization], |row| {
                Ok(Workspace {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    description: row.get(2)?,
                    created_at: row.get(3)?,
                })
            })?
            .collect()
    }

    /// Deployments of an organization, each with its workspace.
    pub(super) fn deployments(&self, organization: i64) -> Result<Vec<(String, String)>> {
        self.0
            .prepare_cached(
                "SELECT d.id, d.workspace FROM astro_deployment d
                 JOIN astro_workspace w ON w.id = d.workspace
                 WHERE w.organization = ?1 ORDER BY d.id",
            )?
            .query_map([organization], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect()
    }

    /// Custom roles, each with the moment of its making.
    pub(super) fn custom_roles(
        &self,
        organization: i64,
        order: &str,
    ) -> Result<Vec<(CustomRole, String)>> {
        self.0
            .prepare_cached(&format!(
                "SELECT id, name, description, scope_type, created_at FROM astro_custom_role
                 WHERE organization = ?1 ORDER BY {order}"
            ))?
            .query_map([organization], |row| {
                let role = CustomRole {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    description: row.get(2)?,
                    scope_type: row.get(3)?,
                    rest: Rest::default(),
                };
                Ok((role, row.get(4)?))
            })?
            .collect()
    }

    /// Teams of a user.
    pub(super) fn teams(&self, organization: i64, user: &str, order: &str) -> Result<Vec<Team>> {
        self.0
            .prepare_cached(&format!(
                "SELECT id, name, description, organization_role, is_idp_managed, workspace_roles
                 FROM astro_team JOIN astro_team_member ON team = id
                 WHERE organization = ?1 AND user_id = ?2 ORDER BY {order}"
            ))?
            .query_map(params![organization, user], |row| {
                let mut team = Team {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    organization_role: Some(row.get::<_, String>(3)?.into()),
                    is_idp_managed: row.get(4)?,
                    workspace_roles: list(row, 5)?,
                    rest: Rest::default(),
                };
                team.rest = object(serde_json::json!({
                    "description": row.get::<_, String>(2)?,
                    "rolesCount": team.workspace_roles.len() + 1,
                }));
                Ok(team)
            })?
            .collect()
    }
}

/// A name that an address suggests: `pete.pending@…` is Pete Pending.
fn name_from(address: &str) -> String {
    let local = address.split('@').next().unwrap_or_default();
    local
        .split(['.', '_', '-', '+'])
        .filter(|word| !word.is_empty())
        .map(|word| {
            let mut letters = word.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters).collect::<String>()
        })
        .collect::<Vec<String>>()
        .join(" ")
}

fn organization(row: &Row<'_>) -> Result<Organization> {
    Ok(Organization {
        key: row.get(0)?,
        id: row.get(1)?,
        name: row.get(2)?,
        created_at: row.get(3)?,
        updated_at: row.get(4)?,
        founder: Subject {
            id: row.get(5)?,
            subject_type: Some("USER".to_owned()),
            username: Some(row.get(6)?),
            full_name: Some(row.get(7)?),
            avatar_url: Some(row.get(8)?),
            api_token_name: None,
        },
    })
}

fn user(row: &Row<'_>) -> Result<User> {
    Ok(User {
        id: row.get::<_, String>(0)?.into(),
        username: row.get(1)?,
        full_name: row.get(2)?,
        avatar_url: row.get(3)?,
        status: Status::from(row.get::<_, String>(4)?),
        created_at: row.get(5)?,
        updated_at: row.get(6)?,
        organization_role: row.get::<_, Option<String>>(7)?.map(Into::into),
        workspace_roles: list(row, 8)?,
        deployment_roles: list(row, 9)?,
        dag_roles: list(row, 10)?,
    })
}

/// A column of JSON.
fn list<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<Vec<T>> {
    let text = row.get_ref(column)?.as_str()?;
    if text == "[]" {
        return Ok(Vec::new());
    }
    serde_json::from_str(text)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(e)))
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("lists of roles and tags have no failing parts")
}
