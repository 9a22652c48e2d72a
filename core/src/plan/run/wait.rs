//! Why a run sends nothing for a while, though nobody paused it.

use super::{Policy, Run};
use crate::plan::Failure;

/// Why nothing goes out for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// The service said that it was asked too often.
    Limits,
    /// The service was not reached, or did not answer; it is tried again.
    Service,
    /// What got no answer is looked for in the list, when it can be there.
    List,
}

impl Run {
    /// Why nothing goes out at `now`, and until when (both in milliseconds);
    /// `None` while something does, or somebody has to do something first.
    pub fn waits(&self, now: u64) -> Option<(u64, Wait)> {
        if self.pause.is_some() || self.is_finished() || self.tally.sent > 0 || self.reading {
            return None;
        }
        let (until, wait) = if self.not_before > now && self.tally.waiting > 0 {
            (self.not_before, self.held_by)
        } else if !self.ready.is_empty() {
            return None;
        } else if let Some(&(from, _)) = self.later.first() {
            (from, Wait::Service)
        } else {
            (self.settle_at, Wait::List)
        };
        (until > now).then_some((until, wait))
    }

    /// The wait in words. Of limits, those are named that the service publishes for the call that is next.
    pub fn wait_in_words(&self, wait: Wait) -> String {
        let service = self.plan.service;
        match wait {
            Wait::Limits => {
                let next = self.ready.front().copied();
                let next = next.or_else(|| self.later.first().map(|&(_, step)| step));
                let rates = service.rates();
                match next.and_then(|step| self.plan.steps.get(step)) {
                    Some(step) if rates.published => format!(
                        "{} allows {} a second",
                        service.name(),
                        rates.of(&step.call.method())
                    ),
                    _ => format!("{} takes no more for now", service.name()),
                }
            }
            Wait::Service => format!("{} did not answer and is tried again", service.name()),
            Wait::List => "what got no answer is then looked for in the list".to_owned(),
        }
    }
}

/// Milliseconds to wait: as the service says, but never less than the backoff does at first.
pub(super) fn wait_of(failure: &Failure, policy: Policy, times: u32, now: u64, dice: u64) -> u64 {
    let said = match failure {
        Failure::Refused(refusal) => refusal.retry_after,
        _ => None,
    };
    match said {
        Some(said) => said.wait(now).max(policy.backoff.wait(0, dice)),
        None => policy.backoff.wait(times, dice),
    }
}
