//! The way back: from what was done to what is wanted instead.
//!
//! Everything that was done to one person counts together, the first state and the last; nothing is
//! undone unless that last state still stands, so that what somebody else did since is never run
//! over. What comes out are wishes like any others: [`plan`](super::plan()) turns them into calls,
//! with all its guards.

use std::collections::HashMap;

use serde::Serialize;

use super::planner::same_roles;
use super::run::{Progress, Standing};
use super::{Act, Context, Intent, Plan, RoleChange, labels};
use crate::directory::{Directory, InviteId, Row, Status, UserId, email_key};
use crate::json::{FromJson, ToJson};
use crate::role::RoleId;
use crate::service::{Call, Service};

/// Something that was done to one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct Fact {
    /// What.
    pub act: Act,
    /// Address of the person; empty if only the id is known.
    pub email: String,
    /// Id of the person, if it was known then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// Roles before, if they are known; nothing counts for somebody who was not there.
    pub before: Option<Vec<RoleId>>,
    /// Roles after; nothing counts for somebody who is gone.
    pub after: Vec<RoleId>,
    /// Id of the invitation, if it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite: Option<InviteId>,
    /// Whether it is known that it was done.
    pub certain: bool,
}

impl Fact {
    /// What the steps of a plan did, in their order; those that did nothing are left out.
    pub fn of_run(plan: &Plan, progress: &[Progress]) -> Vec<Self> {
        let steps = plan.steps.iter().zip(progress);
        let fact = |(step, progress): (&super::Step, &Progress)| {
            let (invite, certain) = match &progress.standing {
                Standing::Done { invite, .. } => (invite.clone(), true),
                Standing::Unknown { .. } | Standing::Open { .. } | Standing::Sent => (None, false),
                Standing::Waiting
                | Standing::AlreadySo
                | Standing::Refused { .. }
                | Standing::NotSent => return None,
            };
            Some(Self {
                act: step.act,
                email: step.email.clone(),
                user: step.user.clone(),
                before: Some(step.before.clone()),
                after: step.after.clone(),
                invite,
                certain,
            })
        };
        steps.filter_map(fact).collect()
    }

    /// What a call did, as a journal keeps it: the request, whose address it was about, and the roles
    /// before where they were known. `None` if it changes no roles in the organization.
    pub fn of_call(
        call: &Call,
        email: Option<&str>,
        before: Option<Vec<RoleId>>,
        invite: Option<InviteId>,
        certain: bool,
    ) -> Option<Self> {
        let deed = call.deed()?;
        let act = match (deed.act, before.as_deref().unwrap_or_default()) {
            (Act::Invite, []) => Act::Invite,
            // whoever has roles has been invited before
            (Act::Invite, held) if same_roles(held, &deed.roles) => Act::Resend,
            (Act::Invite, _) => Act::ReRole,
            (act, _) => act,
        };
        Some(Self {
            act,
            email: email.map(str::to_owned).or(deed.email).unwrap_or_default(),
            user: deed.user,
            before,
            after: deed.roles,
            invite: deed.invite.or(invite),
            certain,
        })
    }

    /// The roles before, unless the person was not there.
    fn first(&self) -> Result<Option<&[RoleId]>, WhyKept> {
        match (self.act, &self.before) {
            (Act::Invite, _) => Ok(None),
            (_, Some(before)) => Ok(Some(before)),
            (_, None) => Err(WhyKept::BeforeUnknown),
        }
    }

    /// The roles after, unless the person is gone.
    fn last(&self) -> Option<&[RoleId]> {
        let gone = matches!(self.act, Act::Withdraw | Act::Remove);
        (!gone).then_some(&self.after)
    }
}

/// What is wanted to undo what was done, and what stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct Undo {
    /// What is wanted, the last that was done first.
    pub wishes: Vec<Wish>,
    /// What cannot be undone, or need not.
    pub kept: Vec<Kept>,
}

impl Undo {
    /// What is wanted, to be planned: the row of a step is the index of its wish.
    pub fn intents(&self) -> Vec<Intent> {
        self.wishes.iter().map(|wish| wish.intent.clone()).collect()
    }
}

/// One thing that is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct Wish {
    /// Index of the last fact that it undoes.
    pub fact: usize,
    /// What is wanted.
    pub intent: Intent,
    /// How it falls short of what was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caveat: Option<Caveat>,
}

/// How an undoing falls short of what was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToJson, FromJson, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Caveat {
    /// The invitation is another one.
    #[error("a new invitation is sent; the link in the old one stays dead")]
    NewInvitation,
    /// A member cannot be put back.
    #[error(
        "a member who was removed can only be invited again, and is back after accepting; roles in parts of the organization do not come back"
    )]
    InvitedAgain,
    /// The person has accepted in the meantime.
    #[error("has joined since, and is removed as a member")]
    HasJoined,
}

/// Something that stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
pub struct Kept {
    /// Index of the last fact about the person.
    pub fact: usize,
    /// Address of the person, or the id where no address is known.
    pub who: String,
    /// Why.
    pub why: WhyKept,
}

/// Why something stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson, thiserror::Error)]
#[serde(tag = "reason", rename_all = "camelCase")]
#[non_exhaustive]
pub enum WhyKept {
    /// There is nothing to undo.
    #[error("is as it was before")]
    AsBefore,
    /// Somebody did something else since.
    #[error("has changed since: {now}; nothing is undone over somebody else's change")]
    ChangedSince {
        /// How it stands now.
        now: String,
    },
    /// Nobody knows whether it was done.
    #[error("no answer told whether it was done; look at it before you change it")]
    Uncertain,
    /// The service tells an invitation's id once, and that answer never came.
    #[error("the invitation's id was never seen, and {name} tells it only once; withdraw it in {name} itself", name = .service.name())]
    InviteNeverSeen {
        /// The service.
        service: Service,
    },
    /// The person has joined, and the service's API cannot remove a member.
    #[error("has joined since, and {} cannot remove a member through its API; it is done in {place}", .service.name())]
    CannotRemove {
        /// The service.
        service: Service,
        /// Where it is done instead.
        place: String,
    },
    /// A mail went out.
    #[error("an invitation that was sent once more cannot be called back")]
    MailSent,
    /// Nobody noted how it was.
    #[error("how it was before is not known")]
    BeforeUnknown,
    /// There was no role, and no call leads back to none.
    #[error("had no role before, and there is no way back to none")]
    HadNoRole,
    /// The person is to be invited again, and the address is none.
    #[error("cannot be invited again: the address is not known, or not one that can be invited")]
    NoAddress,
}

/// Lets a directory know the ids of invitations that facts tell, so that they can be withdrawn.
pub fn learn_invites(facts: &[Fact], directory: &mut Directory) {
    for fact in facts.iter().filter(|fact| fact.act == Act::Invite) {
        let Some(invite) = &fact.invite else { continue };
        let user = directory
            .find_email(&fact.email)
            .map(|index| directory.row(index))
            .filter(|row| *row.status == Status::Pending && row.invite.is_none())
            .map(|row| UserId::from(row.id));
        if let Some(user) = user {
            directory.learn_invite(&user, invite.clone());
        }
    }
}

/// How to undo what was done. `facts` are in the order in which they were done; the directory was
/// read after the last of them.
pub fn undo(facts: &[Fact], directory: &Directory, context: &Context) -> Undo {
    let mut people: HashMap<String, usize> = HashMap::new();
    let mut stories: Vec<Vec<usize>> = Vec::new();
    for (index, fact) in facts.iter().enumerate() {
        // who is known is told by the id: addresses of two people may differ in letter case alone
        let person = match find(&[fact], directory) {
            Some(row) => ["id ", row.id].concat(),
            None => email_key(who(fact, directory)),
        };
        let story = *people.entry(person).or_insert(stories.len());
        if story == stories.len() {
            stories.push(Vec::new());
        }
        stories[story].push(index);
    }
    stories.sort_by_key(|story| std::cmp::Reverse(story.last().copied()));
    let mut undo = Undo::default();
    for story in stories {
        let told: Vec<&Fact> = story.iter().map(|&index| &facts[index]).collect();
        let fact = *story.last().expect("a story begins with a fact");
        match back(&told, directory, context) {
            Ok((intent, caveat)) => undo.wishes.push(Wish {
                fact,
                intent,
                caveat,
            }),
            Err(why) => undo.kept.push(Kept {
                fact,
                who: who(&facts[fact], directory).to_owned(),
                why,
            }),
        }
    }
    undo
}

/// The address of the person, or the id where no address is known.
fn who<'f>(fact: &'f Fact, directory: &'f Directory) -> &'f str {
    match &fact.user {
        Some(user) if fact.email.is_empty() => directory
            .find(user.as_str())
            .map_or(user.as_str(), |index| directory.row(index).email),
        _ => &fact.email,
    }
}

/// The way back for one person.
fn back(
    story: &[&Fact],
    directory: &Directory,
    context: &Context,
) -> Result<(Intent, Option<Caveat>), WhyKept> {
    let story = unbroken(story);
    let (Some(begin), Some(end)) = (story.first(), story.last()) else {
        return Err(WhyKept::AsBefore);
    };
    let now = find(story, directory);
    let held = now.as_ref().map(|row| row.roles);
    let (first, last) = (begin.first()?, end.last());
    if same(first, held) {
        let resent = story.iter().any(|fact| fact.act == Act::Resend);
        return Err(match resent {
            true => WhyKept::MailSent,
            false => WhyKept::AsBefore,
        });
    }
    if story.iter().any(|fact| !fact.certain) {
        return Err(WhyKept::Uncertain);
    }
    if !same(last, held) {
        let now = match held {
            Some(roles) => format!("is {} now", labels(directory, roles)),
            None => "is not in the organization any more".to_owned(),
        };
        return Err(WhyKept::ChangedSince { now });
    }
    match (first, now) {
        (None, None) => Err(WhyKept::AsBefore),
        (None, Some(row)) => take_out(&row, context),
        (Some([]), _) => Err(WhyKept::HadNoRole),
        (Some(roles), Some(row)) => {
            let change = RoleChange::Replace(roles.to_vec());
            let user = row.id.into();
            Ok((Intent::ReRole { user, change }, None))
        }
        (Some(roles), None) => {
            let removed = story.iter().any(|fact| fact.act == Act::Remove);
            let caveat = match removed {
                true => Caveat::InvitedAgain,
                false => Caveat::NewInvitation,
            };
            let intent = Intent::Invite {
                email: end.email.parse().map_err(|_| WhyKept::NoAddress)?,
                roles: roles.to_vec(),
                resend: false,
            };
            Ok((intent, Some(caveat)))
        }
    }
}

/// The facts at the end that follow one another without anybody else's change in between.
fn unbroken<'s, 'f>(story: &'s [&'f Fact]) -> &'s [&'f Fact] {
    let follows = |pair: &[&Fact]| {
        let first = pair[1].first();
        first.is_ok_and(|first| same(pair[0].last(), first))
    };
    let broken = story.windows(2).rposition(|pair| !follows(pair));
    &story[broken.map_or(0, |at| at + 1)..]
}

/// Takes out somebody who was not there before.
fn take_out(row: &Row<'_>, context: &Context) -> Result<(Intent, Option<Caveat>), WhyKept> {
    let service = context.service;
    let user = UserId::from(row.id);
    if *row.status == Status::Pending {
        return match service.withdraw(&context.organization, &user, row.invite) {
            Some(_) => Ok((Intent::Withdraw { user }, None)),
            None => Err(WhyKept::InviteNeverSeen { service }),
        };
    }
    match service.removes() {
        Ok(()) => Ok((Intent::Remove { user }, Some(Caveat::HasJoined))),
        Err(place) => Err(WhyKept::CannotRemove {
            service,
            place: place.to_owned(),
        }),
    }
}

/// The person as known now: by id, or by address, since who is invited again has another id.
fn find<'d>(story: &[&Fact], directory: &'d Directory) -> Option<Row<'d>> {
    let ids = story.iter().rev().filter_map(|fact| fact.user.as_ref());
    let emails = story.iter().rev().map(|fact| fact.email.as_str());
    let index = ids
        .filter_map(|user| directory.find(user.as_str()))
        .chain(
            emails
                .filter(|email| !email.is_empty())
                .filter_map(|email| directory.find_email(email)),
        )
        .next()?;
    Some(directory.row(index))
}

fn same(a: Option<&[RoleId]>, b: Option<&[RoleId]>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => same_roles(a, b),
        (None, None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
