//! Plans what is wanted: each intent becomes a step or a refusal, in order.

use super::{Act, Context, Guard, Intent, Known, Plan, Reason, Refused, RoleChange, Step, labels};
use crate::directory::{Row, Status, UserId, email_key};
use crate::email::Email;
use crate::index::TextMap;
use crate::role::{RoleId, Tier};
use crate::service::{Call, PendingReRole, RoleChoice};

/// Plans what is wanted: each intent becomes a step or a refusal, in order.
pub fn plan(intents: &[Intent], directory: &dyn Known, context: &Context) -> Plan {
    let mut planner = Planner::new(directory, context, intents.len());
    for (row, intent) in intents.iter().enumerate() {
        match intent {
            Intent::Invite {
                email,
                roles,
                resend,
            } => planner.invite(row, email, roles, *resend),
            Intent::ReRole { user, change } => planner.re_role(row, user, change),
            Intent::Withdraw { user } => planner.withdraw(row, user),
            Intent::Remove { user } => planner.remove(row, user),
        }
    }
    planner.done()
}

/// A plan while it is made: what is wanted is said one after the other, each with a row of its own that it came from.
pub struct Planner<'d> {
    directory: &'d dyn Known,
    context: &'d Context,
    /// Roles of which somebody active must be left.
    owners: Vec<RoleId>,
    owners_left: usize,
    /// The row in which somebody was meant first.
    first_row: TextMap<String, usize>,
    steps: Vec<Step>,
    refused: Vec<Refused>,
}

impl<'d> Planner<'d> {
    /// Nothing is wanted yet; room is made for so many rows.
    pub fn new(directory: &'d dyn Known, context: &'d Context, rows: usize) -> Self {
        let owners = directory
            .roles()
            .iter()
            .filter(|role| role.tier == Tier::Owner);
        let owners: Vec<RoleId> = owners.map(|role| role.id.clone()).collect();
        Self {
            directory,
            context,
            owners_left: directory.active_holders(&owners),
            owners,
            first_row: TextMap::default(),
            steps: Vec::with_capacity(rows),
            refused: Vec::new(),
        }
    }

    /// Invite an address, with these roles; again, if `resend` and the invitation is pending.
    pub fn invite(&mut self, row: usize, email: &Email, roles: &[RoleId], resend: bool) {
        let who = email.as_str().to_owned();
        if self.is_first(row, &who, self.directory.find_email(&who)) {
            let step = self.inviting(row, email, &each_once(roles), resend);
            self.settle(row, who, step);
        }
    }

    /// Give a user other roles.
    pub fn re_role(&mut self, row: usize, user: &UserId, change: &RoleChange) {
        let who = self.who(user);
        if self.is_first(row, &who, self.directory.find(user.as_str())) {
            let step = self.re_roling(row, user, change);
            self.settle(row, who, step);
        }
    }

    /// Withdraw a pending invitation.
    pub fn withdraw(&mut self, row: usize, user: &UserId) {
        let who = self.who(user);
        if self.is_first(row, &who, self.directory.find(user.as_str())) {
            let step = self.withdrawing(row, user);
            self.settle(row, who, step);
        }
    }

    /// Take a member out of the organization.
    pub fn remove(&mut self, row: usize, user: &UserId) {
        let who = self.who(user);
        if self.is_first(row, &who, self.directory.find(user.as_str())) {
            let step = self.removing(row, user);
            self.settle(row, who, step);
        }
    }

    /// The plan, with what must be said yes to.
    pub fn done(self) -> Plan {
        Plan {
            service: self.context.service,
            organization: self.context.organization.clone(),
            confirm: guards(&self.steps, self.directory, self.context),
            steps: self.steps,
            refused: self.refused,
        }
    }

    /// Whether nobody meant the same person before; else that is refused. Two people may have addresses that differ in
    /// letter case alone, so who is known is told by the id.
    fn is_first(&mut self, row: usize, who: &str, known: Option<usize>) -> bool {
        let key = match known {
            Some(index) => ["id ", self.directory.row(index).id].concat(),
            None => email_key(who),
        };
        let first = *self.first_row.get_or_insert(key, || row);
        let is_first = first == row;
        if !is_first {
            let why = Reason::Duplicate { row: first };
            self.settle(row, who.to_owned(), Err(why));
        }
        is_first
    }

    fn settle(&mut self, row: usize, who: String, step: Result<Step, Reason>) {
        match step {
            Ok(step) => self.steps.push(step),
            Err(why) => self.refused.push(Refused { row, who, why }),
        }
    }

    /// The address of the person meant, or the id where no address is known.
    fn who(&self, user: &UserId) -> String {
        let known = self.known(user).map(|row| row.email);
        let email = known.ok().filter(|email| !email.is_empty());
        email.unwrap_or(user.as_str()).to_owned()
    }

    fn known(&self, user: &UserId) -> Result<Row<'d>, Reason> {
        let index = self.directory.find(user.as_str());
        index
            .map(|index| self.directory.row(index))
            .ok_or_else(|| Reason::UnknownUser { user: user.clone() })
    }

    fn check_roles(&self, roles: &[RoleId]) -> Result<(), Reason> {
        if roles.is_empty() {
            return Err(Reason::NoRole);
        }
        let service = self.context.service;
        if service.role_choice() == RoleChoice::One && roles.len() > 1 {
            return Err(Reason::OneRoleOnly {
                service,
                given: roles.len(),
            });
        }
        match roles.iter().find(|id| self.directory.role(id).is_none()) {
            Some(id) => Err(Reason::UnknownRole { id: id.clone() }),
            None => Ok(()),
        }
    }

    fn inviting(
        &self,
        row: usize,
        email: &Email,
        roles: &[RoleId],
        resend: bool,
    ) -> Result<Step, Reason> {
        self.check_roles(roles)?;
        let Context {
            service,
            organization,
            ..
        } = self.context;
        let known = self
            .directory
            .find_email(email.as_str())
            .map(|index| self.directory.row(index));
        let act = match &known {
            None => Act::Invite,
            Some(user) => {
                let pending = *user.status == Status::Pending;
                if pending && resend && service.resends() {
                    Act::Resend
                } else if !same_roles(user.roles, roles) {
                    return Err(Reason::HasOtherRole {
                        held: labels(self.directory, user.roles),
                        pending,
                    });
                } else if pending {
                    return Err(Reason::AlreadyInvited);
                } else {
                    return Err(Reason::AlreadySo);
                }
            }
        };
        Ok(Step {
            row,
            act,
            email: email.as_str().to_owned(),
            user: known.map(|it| it.id.into()),
            before: known.map(|it| it.roles.to_vec()).unwrap_or_default(),
            after: roles.to_vec(),
            call: service.invite(organization, email, roles),
        })
    }

    fn re_roling(
        &mut self,
        row: usize,
        user: &UserId,
        change: &RoleChange,
    ) -> Result<Step, Reason> {
        let known = self.known(user)?;
        let after = change.apply(known.roles);
        if after.is_empty() {
            return Err(match change {
                RoleChange::Remove(_) => Reason::NoRoleLeft,
                _ => Reason::NoRole,
            });
        }
        // Roles that a user holds already may stay, whether or not they are known here.
        let new: Vec<RoleId> = after
            .iter()
            .filter(|id| !known.roles.contains(id))
            .cloned()
            .collect();
        if !new.is_empty() {
            self.check_roles(&new)?;
        }
        let Context {
            service,
            organization,
            ..
        } = self.context;
        if service.role_choice() == RoleChoice::One && after.len() > 1 {
            return Err(Reason::OneRoleOnly {
                service: *service,
                given: after.len(),
            });
        }
        if same_roles(known.roles, &after) {
            return Err(Reason::AlreadySo);
        }
        self.keep_an_owner(&known, &after)?;
        let again = *known.status == Status::Pending
            && service.pending_re_role() == PendingReRole::ByInviting;
        let call = match known.email.parse::<Email>() {
            Ok(email) if again => service.invite(organization, &email, &after),
            _ => service.re_role(organization, user, &after),
        };
        Ok(step_of(row, Act::ReRole, known, after, call))
    }

    fn withdrawing(&self, row: usize, user: &UserId) -> Result<Step, Reason> {
        let known = self.known(user)?;
        if *known.status != Status::Pending {
            return Err(Reason::NotPending);
        }
        let Context {
            service,
            organization,
            ..
        } = self.context;
        let call = service.withdraw(organization, user, known.invite);
        let call = call.ok_or(Reason::InviteIdUnknown { service: *service })?;
        Ok(step_of(row, Act::Withdraw, known, Vec::new(), call))
    }

    fn removing(&mut self, row: usize, user: &UserId) -> Result<Step, Reason> {
        let known = self.known(user)?;
        if *known.status == Status::Pending {
            return Err(Reason::Pending);
        }
        let service = self.context.service;
        let call = service.remove(user).map_err(|place| Reason::CannotRemove {
            service,
            place: place.to_owned(),
        })?;
        self.keep_an_owner(&known, &[])?;
        Ok(step_of(row, Act::Remove, known, Vec::new(), call))
    }

    /// Refuses to take the role from the last active owner. Pending owners do not count.
    fn keep_an_owner(&mut self, user: &Row<'_>, after: &[RoleId]) -> Result<(), Reason> {
        let is_owner = |roles: &[RoleId]| self.owners.iter().any(|owner| roles.contains(owner));
        if *user.status != Status::Active || !is_owner(user.roles) || is_owner(after) {
            return Ok(());
        }
        if self.owners_left <= 1 {
            let owner = self.owners.first().and_then(|id| self.directory.role(id));
            return Err(Reason::LastOwner {
                role: owner.map_or_else(String::new, |it| it.label.clone()),
            });
        }
        self.owners_left -= 1;
        Ok(())
    }
}

fn step_of(row: usize, act: Act, known: Row<'_>, after: Vec<RoleId>, call: Call) -> Step {
    Step {
        row,
        act,
        email: known.email.to_owned(),
        user: Some(known.id.into()),
        before: known.roles.to_vec(),
        after,
        call,
    }
}

/// What must be said yes to, gathered over all steps.
fn guards(steps: &[Step], directory: &dyn Known, context: &Context) -> Vec<Guard> {
    let mut confirm = Vec::new();
    for role in directory
        .roles()
        .iter()
        .filter(|role| role.tier.is_mighty())
    {
        let owned = |step: &Step| {
            let mut roles = step.before.iter().filter_map(|id| directory.role(id));
            roles.any(|role| role.tier == Tier::Owner)
        };
        // whoever may do everything does not gain
        let gains = |step: &&Step| {
            step.after.contains(&role.id) && !step.before.contains(&role.id) && !owned(step)
        };
        let who: Vec<String> = steps
            .iter()
            .filter(gains)
            .map(|step| step.email.clone())
            .collect();
        if !who.is_empty() {
            confirm.push(Guard::Escalation {
                role: role.label.clone(),
                who,
            });
        }
    }
    let removed = steps.iter().filter(|step| step.act == Act::Remove);
    let who: Vec<String> = removed.map(|step| step.email.clone()).collect();
    if !who.is_empty() {
        confirm.push(Guard::Removal { who });
    }
    let rank = |roles: &[RoleId]| {
        let ranks = roles
            .iter()
            .filter_map(|id| directory.role(id))
            .map(|role| role.rank);
        ranks.min().unwrap_or(u16::MAX)
    };
    let mine = |step: &&Step| step.user.is_some() && step.user == context.me;
    for step in steps.iter().filter(mine) {
        let email = step.email.clone();
        if step.act == Act::Remove {
            confirm.push(Guard::OwnRemoval { email });
        } else if rank(&step.after) > rank(&step.before) {
            confirm.push(Guard::OwnRole {
                email,
                after: labels(directory, &step.after),
            });
        }
    }
    confirm
}

/// Whether two lists have the same roles, however often.
pub(super) fn same_roles(a: &[RoleId], b: &[RoleId]) -> bool {
    a.iter().all(|id| b.contains(id)) && b.iter().all(|id| a.contains(id))
}

fn each_once(roles: &[RoleId]) -> Vec<RoleId> {
    let mut once: Vec<RoleId> = Vec::with_capacity(roles.len());
    for role in roles {
        if !once.contains(role) {
            once.push(role.clone());
        }
    }
    once
}

#[cfg(test)]
mod tests;
