//! A plan on its way: which call is next, what came back, what to do now.
//!
//! Nothing here sends, waits or reads a clock. Whoever does asks [`Run::next`], does what it says,
//! and tells [`Run::record`] or [`Run::settle`] what came of it. Times are those of one clock that
//! nobody sets, so that no wait is cut short; a moment that a service names is made a time before
//! ([`Failure::as_of`]).
//!
//! What is promised: each step ends with one outcome, and no change is sent twice unless the service
//! said that it did not do it, or its list shows so. A call whose answer never came is set aside;
//! when the rest is through and whatever is still on its way has had time to arrive, the list is
//! read once and settles all of them: there (done), or not there (sent again, once). What a list
//! cannot show (that an invitation was sent a second time) stays [`Standing::Unknown`].
//!
//! What was changed since the plan was made is not overwritten: before a step goes out that is about
//! somebody the plan found, [`Run::looks_at`] names the person to be read, and [`Run::looked`] decides.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use serde::Serialize;

use super::planner::same_roles;
use super::{Act, Change, Failure, Plan, Step};
use crate::directory::{Directory, InviteId};
use crate::endpoint::Backoff;
use crate::json::{FromJson, ToJson};
use crate::role::RoleId;

pub use self::wait::Wait;
use self::wait::wait_of;

mod look;
mod wait;

/// How a run goes about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Most calls under way at once.
    pub at_once: usize,
    /// Milliseconds after a missing answer before the list may settle it: more than a request may
    /// take.
    pub settle: u64,
    /// Waits between repetitions.
    pub backoff: Backoff,
    /// How often in a row the service is not reached, or says of one step that it is too fast,
    /// before the run pauses. Of calls that go out together it counts once.
    pub patience: u32,
    /// Calls in a row of which it is not known what became of them, after which the run pauses.
    pub open_in_a_row: u32,
    /// Longest time for which the run waits by itself because the service says so, in milliseconds.
    pub longest_wait: u64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            at_once: 8,
            settle: 40_000,
            backoff: Backoff::default(),
            patience: 8,
            open_in_a_row: 24,
            longest_wait: 10 * 60_000,
        }
    }
}

/// How a step stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum Standing {
    /// Not sent yet, or to be sent again.
    Waiting,
    /// Sent; the answer has not come yet.
    Sent,
    /// Sent, and it is not known whether it was done; the list will tell.
    Open {
        /// What came instead of an answer.
        failure: Failure,
    },
    /// Done.
    Done {
        /// Id of the invitation, if the answer told it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        invite: Option<InviteId>,
        /// Whether the list showed it, no answer: an invitation's id was not seen then.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        seen: bool,
    },
    /// There was nothing left to do.
    AlreadySo,
    /// The service said no, or its list shows that it was not done.
    Refused {
        /// Its words.
        failure: Failure,
    },
    /// It may have been done, and nothing can show it. It is not sent again.
    Unknown {
        /// What came instead of an answer.
        failure: Failure,
    },
    /// The run was stopped, or an earlier step of the same row was not done.
    NotSent,
}

impl Standing {
    /// Whether nothing will change any more.
    pub fn is_outcome(&self) -> bool {
        !matches!(self, Self::Waiting | Self::Sent | Self::Open { .. })
    }

    /// What came instead of success.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Open { failure } | Self::Refused { failure } | Self::Unknown { failure } => {
                Some(failure)
            }
            _ => None,
        }
    }

    /// Whether it is as it was wanted.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Done { .. } | Self::AlreadySo)
    }
}

/// What is kept of a step, so that another process can go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// How it stands.
    #[serde(flatten)]
    pub standing: Standing,
    /// How often it was sent, those times aside when the service did not even look at it.
    #[serde(default)]
    pub sent: u32,
    /// Whether the list showed once that it was not done, so that it was sent again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
    /// Whether it may have been done by an earlier sending, of which no answer came; the list was not
    /// asked since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsure: bool,
    /// What came instead of an answer the last time, until it has another outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Failure>,
}

impl Progress {
    const START: Self = Self {
        standing: Standing::Waiting,
        sent: 0,
        again: false,
        unsure: false,
        last: None,
    };
}

/// Why a run waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson, FromJson, thiserror::Error)]
#[serde(tag = "reason", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Pause {
    /// Somebody wanted it.
    #[error("paused")]
    Asked,
    /// The token is not valid any more.
    #[error("the token is not valid any more: {failure}")]
    Token {
        /// The service's words.
        failure: Failure,
    },
    /// The token is valid and may not do this.
    #[error("the token may not do this: {failure}")]
    Permission {
        /// The service's words.
        failure: Failure,
    },
    /// The service cannot be reached, or not be read.
    #[error("{}{failure}", match failure { Failure::Refused(_) => "the service answers with an error: ", _ => "" })]
    Service {
        /// What came instead of an answer.
        failure: Failure,
    },
    /// The service keeps saying that it is too fast.
    #[error("the service takes no more requests for now: {failure}")]
    Limits {
        /// The service's words.
        failure: Failure,
    },
    /// The process that drove it ended.
    #[error("the server was stopped in the middle; it goes on as soon as its service answers")]
    Interrupted,
    /// There is no way to the service now: the connection was closed, or the process that drove it
    /// ended and the next one has not opened it yet.
    #[error("the connection {connection} is not open; it goes on as soon as it is")]
    Connection {
        /// What is missing.
        connection: String,
    },
    /// There is a connection of that name, and it does not lead to the run's organization.
    #[error(
        "the connection {connection} does not lead to this organization now; it goes on when the one does with which it began"
    )]
    Elsewhere {
        /// Which one.
        connection: String,
    },
}

/// What to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Send the call of this step, and [`Run::record`] what comes back.
    Send(usize),
    /// Ask again at this moment (milliseconds), or when something came back.
    Wait(u64),
    /// Ask again when something came back.
    Idle,
    /// Read the whole list of users, and [`Run::settle`] with it.
    Read,
    /// Ask again after [`Run::resume`] or [`Run::stop`].
    Paused,
    /// All steps have their outcome.
    Finished,
}

/// How many steps stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToJson, FromJson)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// Not sent yet, or to be sent again.
    pub waiting: usize,
    /// Under way.
    pub sent: usize,
    /// The list will tell.
    pub open: usize,
    /// Done.
    pub done: usize,
    /// There was nothing left to do.
    pub already_so: usize,
    /// Not done.
    pub refused: usize,
    /// Nobody can tell.
    pub unknown: usize,
    /// Never sent.
    pub not_sent: usize,
}

/// A plan on its way.
#[derive(Clone, Debug)]
pub struct Run {
    plan: Plan,
    policy: Policy,
    progress: Vec<Progress>,
    tally: Tally,
    /// Steps that can go out now, in order.
    ready: VecDeque<usize>,
    /// Steps that can go out from a moment on.
    later: BTreeSet<(u64, usize)>,
    /// The step after each step within its row.
    follower: HashMap<usize, usize>,
    /// Those steps.
    followers: HashSet<usize>,
    /// Nothing goes out before this moment.
    not_before: u64,
    /// Why not.
    held_by: Wait,
    /// The list is not read before this moment.
    settle_at: u64,
    /// Readings of the list that came to nothing, in a row.
    unread: u32,
    /// How often in a row the service was not reached.
    unreached: u32,
    /// Calls in a row of which it is not known what became of them.
    opened: u32,
    /// Refusals for being too fast, by step.
    too_fast: HashMap<usize, u32>,
    /// Steps that were refused for want of permission, and how many were done by then.
    forbidden: HashMap<usize, usize>,
    reading: bool,
    pause: Option<Pause>,
    stopped: bool,
}

impl Run {
    /// A run that has not begun.
    pub fn new(plan: Plan, policy: Policy) -> Self {
        let progress = vec![Progress::START; plan.steps.len()];
        Self::assemble(plan, policy, progress, 0)
    }

    /// Goes on with a run of an earlier process, from what was kept of its steps at `now`
    /// (milliseconds). It is paused.
    ///
    /// `sent` are the steps that were sent without anything noted after: whether they were done is
    /// not known. Keep what this says of them before anything else, lest they be forgotten by a
    /// second restoring.
    pub fn restore(
        plan: Plan,
        policy: Policy,
        kept: impl IntoIterator<Item = (usize, Progress)>,
        sent: impl IntoIterator<Item = usize>,
        now: u64,
    ) -> Self {
        let mut progress = vec![Progress::START; plan.steps.len()];
        for (step, kept) in kept {
            if let Some(place) = progress.get_mut(step) {
                *place = kept;
            }
        }
        let lost = || Standing::Open {
            failure: Failure::Unanswered {
                message: "the server was stopped before the answer came".to_owned(),
            },
        };
        for step in sent {
            if let Some(place) = progress.get_mut(step)
                && !place.standing.is_outcome()
            {
                place.standing = lost();
                place.sent += 1;
            }
        }
        for place in &mut progress {
            if place.standing == Standing::Sent {
                place.standing = lost();
            }
        }
        let mut run = Self::assemble(plan, policy, progress, now);
        if !run.is_finished() {
            run.pause = Some(Pause::Interrupted);
        }
        run
    }

    fn assemble(plan: Plan, policy: Policy, progress: Vec<Progress>, now: u64) -> Self {
        let mut run = Self {
            policy,
            tally: Tally::default(),
            ready: VecDeque::new(),
            later: BTreeSet::new(),
            follower: HashMap::new(),
            followers: HashSet::new(),
            not_before: 0,
            held_by: Wait::Service,
            settle_at: now.saturating_add(policy.settle),
            unread: 0,
            unreached: 0,
            opened: 0,
            too_fast: HashMap::new(),
            forbidden: HashMap::new(),
            reading: false,
            pause: None,
            stopped: false,
            plan,
            progress,
        };
        let mut last_of_row: HashMap<usize, usize> = HashMap::new();
        for step in 0..run.plan.steps.len() {
            *run.tally.count(&run.progress[step].standing) += 1;
            if let Some(before) = last_of_row.insert(run.plan.steps[step].row, step) {
                run.follower.insert(before, step);
            }
        }
        run.followers = run.follower.values().copied().collect();
        for step in 0..run.plan.steps.len() {
            if !run.followers.contains(&step) {
                run.begin_row(step);
            }
        }
        run
    }

    /// Puts the first step of a row without an outcome into the line.
    fn begin_row(&mut self, first: usize) {
        let mut step = first;
        loop {
            let standing = &self.progress[step].standing;
            if *standing == Standing::Waiting {
                return self.ready.push_back(step);
            }
            if !standing.is_outcome() {
                return;
            }
            if !standing.is_success() {
                return self.skip_after(step);
            }
            match self.follower.get(&step) {
                Some(next) => step = *next,
                None => return,
            }
        }
    }

    /// Sends nothing of a row after this step.
    fn skip_after(&mut self, step: usize) {
        let mut next = self.follower.get(&step).copied();
        while let Some(step) = next {
            if self.progress[step].standing == Standing::Waiting {
                self.stand(step, Standing::NotSent);
            }
            next = self.follower.get(&step).copied();
        }
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// A step of the plan.
    ///
    /// # Panics
    /// If the plan has no such step.
    pub fn step(&self, step: usize) -> &Step {
        &self.plan.steps[step]
    }

    /// This step, and those after it within its row.
    pub fn row_from(&self, step: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(step), |step| self.follower.get(step).copied())
    }

    /// How each step stands, in the order of the plan.
    pub fn progress(&self) -> &[Progress] {
        &self.progress
    }

    /// How many steps stand how.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Why nothing goes out, if somebody has to do something first.
    pub fn paused(&self) -> Option<&Pause> {
        self.pause.as_ref()
    }

    /// Whether somebody stopped it.
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Whether all steps have their outcome.
    pub fn is_finished(&self) -> bool {
        self.tally.waiting + self.tally.sent + self.tally.open == 0
    }

    /// What to do at `now` (milliseconds).
    pub fn next(&mut self, now: u64) -> Next {
        if self.is_finished() {
            return Next::Finished;
        }
        if self.pause.is_some() {
            return match self.tally.sent {
                0 => Next::Paused,
                _ => Next::Idle,
            };
        }
        while let Some(&(from, step)) = self.later.first() {
            if from > now {
                break;
            }
            self.later.pop_first();
            self.ready.push_back(step);
        }
        if self.tally.sent >= self.policy.at_once {
            return Next::Idle;
        }
        if self.not_before > now && self.tally.waiting > 0 {
            return Next::Wait(self.not_before);
        }
        if let Some(step) = self.ready.pop_front() {
            self.progress[step].sent += 1;
            self.stand(step, Standing::Sent);
            return Next::Send(step);
        }
        if let Some(&(from, _)) = self.later.first() {
            return Next::Wait(from);
        }
        if self.tally.sent > 0 || self.reading {
            return Next::Idle;
        }
        if self.settle_at > now {
            return Next::Wait(self.settle_at);
        }
        self.reading = true;
        Next::Read
    }

    /// Takes in what came back for a step at `now`; `dice` is any random number.
    pub fn record(&mut self, step: usize, answer: Result<Change, Failure>, now: u64, dice: u64) {
        if self.progress[step].standing != Standing::Sent {
            return;
        }
        let failure = match answer {
            Ok(change) => {
                (self.unreached, self.opened) = (0, 0);
                let invite = match change {
                    Change::Invited { invite, .. } => invite,
                    _ => None,
                };
                let seen = false;
                return self.end(step, Standing::Done { invite, seen });
            }
            Err(failure) => failure,
        };
        if !matches!(failure, Failure::Unreachable { .. }) {
            self.unreached = 0;
        }
        if failure.leaves_open() {
            self.opened += 1;
        } else if failure.status().is_some() {
            self.opened = 0;
        }
        match failure.status() {
            _ if failure.leaves_open() => self.leave_open(step, failure, now, dice),
            None => self.not_sent_after_all(step, failure, now, dice),
            Some(401) => {
                self.progress[step].sent -= 1;
                self.wait_again(step, now);
                self.pause = Some(Pause::Token { failure });
            }
            Some(403) => self.forbid(step, failure, now),
            Some(429) => self.slow_down(step, failure, now, dice),
            // What is to go is gone, or the person has joined meanwhile: the list tells, at once.
            Some(404) if self.takes_away(step) => self.stand(step, Standing::Open { failure }),
            // Sent before without an answer: it may be refused because it was done then.
            Some(_) if self.progress[step].again || self.progress[step].unsure => {
                self.set_aside(step, failure, now);
            }
            Some(_) => self.end(step, Standing::Refused { failure }),
        }
    }

    /// Takes in a whole and consistent list of users, read at `now` after [`Next::Read`].
    pub fn settle(&mut self, users: &Directory, now: u64) {
        self.reading = false;
        self.unread = 0;
        for step in 0..self.progress.len() {
            let Standing::Open { failure } = &self.progress[step].standing else {
                continue;
            };
            let failure = failure.clone();
            let gone = failure.status() == Some(404);
            self.progress[step].unsure = false;
            match self.is_there(step, users) {
                Some(true) if gone && self.progress[step].sent == 1 => {
                    self.end(step, Standing::AlreadySo);
                }
                Some(true) => {
                    let (invite, seen) = (None, true);
                    self.end(step, Standing::Done { invite, seen });
                }
                // a service that said no is not asked again
                Some(false)
                    if !failure.leaves_open() || self.progress[step].again || self.stopped =>
                {
                    self.end(step, Standing::Refused { failure });
                }
                Some(false) => {
                    self.progress[step].again = true;
                    self.progress[step].last = Some(failure);
                    self.wait_again(step, now);
                }
                None => self.end(step, Standing::Unknown { failure }),
            }
        }
    }

    /// Takes in that the list could not be read after [`Next::Read`], or not to a consistent end.
    pub fn could_not_read(&mut self, failure: Failure, now: u64, dice: u64) {
        self.reading = false;
        self.unread += 1;
        let wait = wait_of(&failure, self.policy, self.unread - 1, now, dice);
        self.settle_at = now.saturating_add(wait.min(self.policy.longest_wait));
        match failure.status() {
            Some(401) => self.pause = Some(Pause::Token { failure }),
            Some(403) => self.pause = Some(Pause::Permission { failure }),
            _ if self.unread >= self.policy.patience => {
                self.unread = 0;
                self.pause = Some(Pause::Service { failure });
            }
            _ => {}
        }
    }

    /// Sends nothing more until [`resume`](Self::resume); what is under way comes to its end.
    pub fn pause(&mut self, why: Pause) {
        if !self.is_finished() {
            self.pause = Some(why);
        }
    }

    /// Goes on, at once: whoever says so need not wait for what the service said before. Only the list
    /// still waits until what is on its way can have arrived.
    pub fn resume(&mut self) {
        self.pause = None;
        (self.unreached, self.opened, self.unread) = (0, 0, 0);
        self.too_fast.clear();
        self.not_before = 0;
        let later = std::mem::take(&mut self.later);
        self.ready.extend(later.into_iter().map(|(_, step)| step));
    }

    /// Sends nothing more for good. What is open is still looked for in the list.
    pub fn stop(&mut self) {
        self.stopped = true;
        self.pause = None;
        self.ready.clear();
        self.later.clear();
        for step in 0..self.progress.len() {
            if self.progress[step].standing == Standing::Waiting {
                let standing = self.without_sending(step);
                self.stand(step, standing);
            }
        }
    }

    /// What a waiting step is if it is not sent (again).
    fn without_sending(&self, step: usize) -> Standing {
        let Progress {
            again,
            unsure,
            last,
            ..
        } = &self.progress[step];
        match last.clone() {
            None => Standing::NotSent,
            Some(failure) if *unsure || !*again => Standing::Open { failure },
            // the list showed that it was not done
            Some(failure) => Standing::Refused { failure },
        }
    }

    /// Whether the list shows that a step was done; `None` if no list can.
    fn is_there(&self, step: usize, users: &Directory) -> Option<bool> {
        let step = &self.plan.steps[step];
        let known = match &step.user {
            Some(user) => users.find(user.as_str()),
            None => users.find_email(&step.email),
        };
        let known = known.map(|index| users.row(index));
        let same = |held: &[RoleId]| same_roles(held, &step.after);
        match step.act {
            Act::Invite => Some(known.is_some()),
            Act::Resend => None,
            Act::ReRole => Some(known.is_some_and(|user| same(user.roles))),
            Act::Withdraw | Act::Remove => Some(known.is_none()),
        }
    }

    /// Whether 404 says that there is nothing left to take away.
    fn takes_away(&self, step: usize) -> bool {
        matches!(self.plan.steps[step].act, Act::Withdraw | Act::Remove)
    }

    /// It may have been done. To set roles again is safe; anything else waits for the list.
    fn leave_open(&mut self, step: usize, failure: Failure, now: u64, dice: u64) {
        let sent = self.progress[step].sent;
        self.progress[step].unsure = true;
        // whatever becomes of it, the list does not tell before it can have arrived
        let settle_at = now.saturating_add(self.policy.settle);
        self.settle_at = self.settle_at.max(settle_at);
        if self.opened >= self.policy.open_in_a_row && !self.stopped {
            let failure = failure.clone();
            self.pause.get_or_insert(Pause::Service { failure });
        }
        if self.plan.steps[step].call.repeats_safely() && sent < 3 && !self.stopped {
            let wait = wait_of(&failure, self.policy, sent.saturating_sub(1), now, dice);
            let wait = wait.min(self.policy.longest_wait);
            self.progress[step].last = Some(failure);
            self.wait_again(step, now.saturating_add(wait));
        } else {
            self.set_aside(step, failure, now);
        }
    }

    fn set_aside(&mut self, step: usize, failure: Failure, now: u64) {
        let settle_at = now.saturating_add(self.policy.settle);
        self.settle_at = self.settle_at.max(settle_at);
        self.stand(step, Standing::Open { failure });
    }

    /// It never left.
    fn not_sent_after_all(&mut self, step: usize, failure: Failure, now: u64, dice: u64) {
        // of calls that were under way together, the first one says it for all
        if now >= self.not_before {
            self.unreached += 1;
        }
        let times = self.unreached.saturating_sub(1);
        let wait = wait_of(&failure, self.policy, times, now, dice);
        self.hold_back(now.saturating_add(wait), Wait::Service);
        self.progress[step].sent -= 1;
        self.wait_again(step, now);
        if self.unreached >= self.policy.patience || !matches!(failure, Failure::Unreachable { .. })
        {
            self.pause = Some(Pause::Service { failure });
        }
    }

    /// The service did not do it, because it was asked too often.
    fn slow_down(&mut self, step: usize, failure: Failure, now: u64, dice: u64) {
        let times = self.too_fast.entry(step).or_default();
        *times += 1;
        let times = *times;
        let wait = wait_of(&failure, self.policy, times - 1, now, dice);
        self.hold_back(now.saturating_add(wait), Wait::Limits);
        self.progress[step].sent -= 1;
        self.wait_again(step, now);
        if times > self.policy.patience || wait > self.policy.longest_wait {
            self.pause = Some(Pause::Limits { failure });
        }
    }

    /// Sends nothing before `until`.
    fn hold_back(&mut self, until: u64, why: Wait) {
        if until > self.not_before {
            (self.not_before, self.held_by) = (until, why);
        }
    }

    /// Pauses for want of permission; if others were done since the last time, it is this step alone
    /// that may not be.
    fn forbid(&mut self, step: usize, failure: Failure, now: u64) {
        let done = self.tally.done;
        match self.forbidden.insert(step, done) {
            Some(before) if done > before => {
                let Progress { again, unsure, .. } = self.progress[step];
                match again || unsure {
                    true => self.set_aside(step, failure, now),
                    false => self.end(step, Standing::Refused { failure }),
                }
            }
            _ => {
                self.progress[step].sent -= 1;
                self.wait_again(step, now);
                self.pause = Some(Pause::Permission { failure });
            }
        }
    }

    fn wait_again(&mut self, step: usize, from: u64) {
        if self.stopped {
            let standing = self.without_sending(step);
            return self.stand(step, standing);
        }
        self.stand(step, Standing::Waiting);
        self.later.insert((from, step));
    }

    /// Gives a step its outcome, and the next one of its row its turn.
    fn end(&mut self, step: usize, standing: Standing) {
        let success = standing.is_success();
        self.too_fast.remove(&step);
        self.stand(step, standing);
        if success && !self.stopped {
            self.ready.extend(self.follower.get(&step));
        } else {
            self.skip_after(step);
        }
    }

    fn stand(&mut self, step: usize, standing: Standing) {
        *self.tally.count(&self.progress[step].standing) -= 1;
        *self.tally.count(&standing) += 1;
        if !matches!(standing, Standing::Waiting | Standing::Sent) {
            self.progress[step].last = None;
        }
        self.progress[step].standing = standing;
    }
}

impl Tally {
    fn count(&mut self, standing: &Standing) -> &mut usize {
        match standing {
            Standing::Waiting => &mut self.waiting,
            Standing::Sent => &mut self.sent,
            Standing::Open { .. } => &mut self.open,
            Standing::Done { .. } => &mut self.done,
            Standing::AlreadySo => &mut self.already_so,
            Standing::Refused { .. } => &mut self.refused,
            Standing::Unknown { .. } => &mut self.unknown,
            Standing::NotSent => &mut self.not_sent,
        }
    }
}

#[cfg(test)]
mod tests;
