//! Astra's state: all of its SQL but the seed's.

use rolecall_core::astra::list_roles::{PolicyForm, Role};
use rolecall_core::astra::{RoleId, Status};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use serde::de::DeserializeOwned;

/// The tables, asked by name.
#[derive(Clone, Copy)]
pub(super) struct Store<'c>(pub(super) &'c Connection);

/// What stands behind a token.
pub(super) struct Caller {
    pub(super) organization: Organization,
    /// Ids of the token's roles.
    pub(super) roles: Vec<RoleId>,
}

/// An organization.
pub(super) struct Organization {
    pub(super) key: i64,
    pub(super) id: String,
    pub(super) name: String,
}

/// A member or an invited person.
pub(super) struct Member {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) status: Status,
    pub(super) roles: Vec<RoleId>,
}

const MEMBER: &str = "SELECT id, email, status, roles FROM astra_user";

impl Store<'_> {
    pub(super) fn caller(&self, token: &str) -> Result<Option<Caller>> {
        self.0
            .prepare_cached(
                "SELECT o.key, o.id, o.name, t.roles FROM astra_token t
                 JOIN astra_organization o ON o.key = t.organization WHERE t.token = ?1",
            )?
            .query_row([token], |row| {
                Ok(Caller {
                    organization: Organization {
                        key: row.get(0)?,
                        id: row.get(1)?,
                        name: row.get(2)?,
                    },
                    roles: json(row, 3)?,
                })
            })
            .optional()
    }

    pub(super) fn members(&self, organization: i64) -> Result<Vec<Member>> {
        self.0
            .prepare_cached(&format!("{MEMBER} WHERE organization = ?1 ORDER BY key"))?
            .query_map([organization], member)?
            .collect()
    }

    pub(super) fn member(&self, organization: i64, id: &str) -> Result<Option<Member>> {
        self.0
            .prepare_cached(&format!("{MEMBER} WHERE organization = ?1 AND id = ?2"))?
            .query_row(params![organization, id], member)
            .optional()
    }

    pub(super) fn member_at(&self, organization: i64, email_key: &str) -> Result<Option<Member>> {
        self.0
            .prepare_cached(&format!(
                "{MEMBER} WHERE organization = ?1 AND email_key = ?2"
            ))?
            .query_row(params![organization, email_key], member)
            .optional()
    }

    pub(super) fn address_of(&self, id: &str) -> Result<Option<String>> {
        self.0
            .prepare_cached("SELECT email FROM astra_user WHERE id = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()
    }

    pub(super) fn add_member(&self, organization: i64, member: &Member) -> Result<()> {
        self.0
            .prepare_cached(
                "INSERT INTO astra_user (organization, id, email, email_key, status, roles)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                organization,
                member.id,
                member.email,
                member.email.to_lowercase(),
                member.status.as_str(),
                ids(&member.roles),
            ])?;
        Ok(())
    }

    pub(super) fn set_roles(&self, organization: i64, id: &str, roles: &[RoleId]) -> Result<()> {
        self.0
            .prepare_cached("UPDATE astra_user SET roles = ?3 WHERE organization = ?1 AND id = ?2")?
            .execute(params![organization, id, ids(roles)])?;
        Ok(())
    }

    pub(super) fn accept(&self, email_key: &str) -> Result<usize> {
        self.0
            .prepare_cached(
                "UPDATE astra_user SET status = 'active'
                 WHERE email_key = ?1 AND status = 'invited'",
            )?
            .execute([email_key])
    }

    pub(super) fn remove(&self, organization: i64, id: &str) -> Result<()> {
        self.0
            .prepare_cached("DELETE FROM astra_user WHERE organization = ?1 AND id = ?2")?
            .execute(params![organization, id])?;
        Ok(())
    }

    /// Members who have joined and hold a role.
    pub(super) fn joined_with(&self, organization: i64, role: &str) -> Result<u32> {
        self.0
            .prepare_cached(
                "SELECT count(*) FROM astra_user WHERE organization = ?1 AND status = 'active'
                     AND EXISTS (SELECT 1 FROM json_each(roles) WHERE value = ?2)",
            )?
            .query_row(params![organization, role], |row| row.get(0))
    }

    pub(super) fn custom_roles(&self, organization: i64) -> Result<Vec<Role>> {
        self.0
            .prepare_cached(
                "SELECT id, name, policy, last_update_date_time, last_update_user_id
                 FROM astra_role WHERE organization = ?1 ORDER BY key",
            )?
            .query_map([organization], |row| {
                Ok(Role {
                    id: row.get::<_, String>(0)?.into(),
                    name: row.get(1)?,
                    policy: Some(PolicyForm::Object(json(row, 2)?)),
                    last_update_date_time: row.get(3)?,
                    last_update_user_id: row.get(4)?,
                })
            })?
            .collect()
    }
}

fn member(row: &Row<'_>) -> Result<Member> {
    Ok(Member {
        id: row.get(0)?,
        email: row.get(1)?,
        status: Status::from(row.get::<_, String>(2)?),
        roles: json(row, 3)?,
    })
}

/// A column of JSON.
fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(e)))
}

/// Ids of roles as a column holds them.
pub(super) fn ids(roles: &[RoleId]) -> String {
    serde_json::to_string(roles).expect("a list of texts is JSON")
}
