//! Invitations: made and withdrawn.

use rolecall_core::astro::create_invite::Invite;
use rolecall_core::astro::{CreateInvite, DeleteInvite, OrganizationRole, Status, Subject, User};
use rolecall_core::endpoint::{Endpoint, NoContent, Received};

use super::{Desk, Refused, store};
use crate::{address, ids};

/// How long an invitation says that it lives: seven days.
const LIFE_MS: u64 = 7 * 24 * 60 * 60 * 1000;

impl Desk<'_> {
    pub(super) fn create_invite(&self, received: &Received<'_>) -> Result<Invite, Refused> {
        let organization = self.owned_place(received)?.organization;
        let body = CreateInvite::receive(received)?.body;
        if let OrganizationRole::Other(_) = body.role {
            return Err(Refused::one_of("role"));
        }
        let username = body.invitee_email.trim();
        if !address::is_plausible(username) {
            return Err(Refused::invalid(
                "Invalid email address. Please check the address and try again",
            ));
        }
        let key = username.to_lowercase();
        if self.store.is_listed(organization.key, &key)? {
            return Err(Refused::invalid(format!(
                "Invalid request: Invitee has existing role in organization {}",
                organization.id
            )));
        }
        let dice = self.visit.fresh()?;
        let now = self.now();
        let known = self.store.person(&key)?;
        let user = User {
            id: known.map_or_else(|| ids::cuid(self.visit.now_ms, &dice).into(), |it| it.id),
            username: username.to_owned(),
            full_name: String::new(),
            avatar_url: String::new(),
            status: Status::Pending,
            created_at: now.clone(),
            updated_at: now,
            organization_role: Some(body.role),
            workspace_roles: Vec::new(),
            deployment_roles: Vec::new(),
            dag_roles: Vec::new(),
        };
        self.store.add_user(organization.key, &user)?;
        let invite = store::Invite {
            id: ids::cuid(self.visit.now_ms, &dice),
            user: user.id.as_str().to_owned(),
            expires_at: ids::moment(self.visit.now_ms.saturating_add(LIFE_MS)),
        };
        self.store.add_invite(organization.key, &invite)?;
        self.visit.mail(&organization.id, &user.username)?;
        Ok(Invite {
            invite_id: invite.id.into(),
            organization_id: organization.id.into(),
            organization_name: Some(organization.name),
            user_id: Some(user.id.clone()),
            expires_at: invite.expires_at,
            invitee: Subject {
                id: invite.user,
                subject_type: Some("USER".to_owned()),
                username: Some(user.username),
                full_name: None,
                avatar_url: None,
                api_token_name: None,
            },
            inviter: self.inviter(organization.key)?,
        })
    }

    pub(super) fn delete_invite(&self, received: &Received<'_>) -> Result<NoContent, Refused> {
        let organization = self.owned_place(received)?.organization;
        let invite = DeleteInvite::receive(received)?.invite;
        if !self
            .store
            .remove_invite(organization.key, invite.as_str())?
        {
            return Err(Refused::not_found("Invite"));
        }
        Ok(NoContent)
    }

    fn inviter(&self, organization: i64) -> Result<Subject, Refused> {
        let user = self
            .store
            .user(organization, &self.caller.user)?
            .ok_or_else(|| Refused::not_found("User"))?;
        Ok(Subject {
            id: self.caller.user.clone(),
            subject_type: Some("USER".to_owned()),
            username: Some(user.username),
            full_name: Some(user.full_name),
            avatar_url: Some(user.avatar_url),
            api_token_name: None,
        })
    }
}
