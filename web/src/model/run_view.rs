//! A run as the server tells it, and in words.

use rolecall_core::json::FromJson;
use rolecall_core::plan::run::{Progress, Standing, Tally};
use rolecall_core::plan::{Act, Acts};
use rolecall_core::role::RoleId;

use super::review_view::duration;
use super::words;

/// A run.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromJson)]
pub(crate) struct RunView {
    /// Its number.
    #[serde(default)]
    pub(crate) id: i64,
    /// Id of the connection.
    #[serde(default)]
    pub(crate) connection: String,
    /// Id of the organization.
    #[serde(default)]
    pub(crate) organization: String,
    /// When it began, RFC 3339 UTC.
    #[serde(default)]
    pub(crate) at: String,
    /// How many steps do what.
    #[serde(default)]
    pub(crate) acts: Option<Acts>,
    /// The run that it undoes.
    #[serde(default)]
    pub(crate) undoes: Option<i64>,
    /// What undid it.
    #[serde(default)]
    pub(crate) undone: Option<Undone>,
    /// `running`, `paused`, `stopping`, `stopped` or `done`.
    pub(crate) state: String,
    /// Why it is paused.
    #[serde(default)]
    pub(crate) pause: Option<PauseView>,
    /// Why nothing is sent for now.
    #[serde(default)]
    pub(crate) wait: Option<WaitView>,
    /// How many steps stand how.
    pub(crate) tally: Tally,
    /// Its steps, or those that changed.
    #[serde(default)]
    pub(crate) steps: Vec<StepView>,
}

/// What undid a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromJson)]
pub(crate) struct Undone {
    /// The run that did.
    pub(crate) run: i64,
    /// How many of its steps are done.
    pub(crate) done: usize,
}

/// Why a run is paused.
#[derive(Clone, Debug, PartialEq, Eq, FromJson)]
pub(crate) struct PauseView {
    /// A sentence.
    pub(crate) message: String,
}

/// How long a run sends nothing.
#[derive(Clone, Debug, PartialEq, Eq, FromJson)]
pub(crate) struct WaitView {
    /// From when it was told.
    pub(crate) seconds: u64,
    /// Why.
    pub(crate) message: String,
}

/// A step of a run.
#[derive(Clone, Debug, PartialEq, Eq, FromJson)]
pub(crate) struct StepView {
    /// Its number.
    pub(crate) step: usize,
    /// Address of the person.
    pub(crate) email: String,
    /// What it does.
    pub(crate) act: Act,
    /// Roles before.
    #[serde(default)]
    pub(crate) before: Vec<RoleId>,
    /// Roles after.
    #[serde(default)]
    pub(crate) after: Vec<RoleId>,
    /// How it stands.
    #[serde(flatten)]
    pub(crate) progress: Progress,
    /// What came instead of success.
    #[serde(default)]
    pub(crate) message: Option<String>,
}

/// Its title: its number and what it is, in words.
pub(crate) fn title(id: i64, undoes: Option<i64>, acts: Option<Acts>) -> String {
    match (undoes, acts) {
        (Some(undone), _) => format!("Run {id}: undo of run {undone}"),
        (None, Some(acts)) => format!("Run {id}: {}", words::deeds(&acts)),
        (None, None) => format!("Run {id}"),
    }
}

impl RunView {
    /// Takes in what changed.
    pub(crate) fn take_in(&mut self, news: Self) {
        self.state = news.state;
        self.pause = news.pause;
        self.wait = news.wait;
        self.tally = news.tally;
        for step in news.steps {
            match self.steps.get_mut(step.step) {
                Some(place) => *place = step,
                None => self.steps.push(step),
            }
        }
    }

    /// Whether nothing will change any more.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.state.as_str(), "done" | "stopped")
    }

    /// How many steps have their outcome, and how many there are.
    pub(crate) fn progress(&self) -> (usize, usize) {
        let Tally {
            waiting,
            sent,
            open,
            done,
            already_so,
            refused,
            unknown,
            not_sent,
        } = self.tally;
        let over = done + already_so + refused + unknown + not_sent;
        (over, over + waiting + sent + open)
    }

    /// How many steps ended well and how many did not, of how many; those that were not sent are in
    /// the last number alone.
    pub(crate) fn bar(&self) -> (usize, usize, usize) {
        let Tally {
            done,
            already_so,
            refused,
            unknown,
            ..
        } = self.tally;
        (done + already_so, refused + unknown, self.progress().1)
    }

    /// Whether everything that it did has been undone.
    pub(crate) fn is_undone(&self) -> bool {
        self.undone.is_some_and(|it| it.done >= self.tally.done)
    }

    /// Where it stands, as a sentence; with the time left where so many calls go out a second.
    pub(crate) fn sentence(&self, rate: Option<u32>) -> String {
        let (over, all) = self.progress();
        let count = format!("{} of {}", words::number(over), words::number(all));
        match (self.state.as_str(), &self.pause) {
            ("done", _) => format!("Finished: {}.", self.outcomes()),
            ("stopped", _) => format!("Stopped: {}.", self.outcomes()),
            // that somebody paused it is no news
            (_, Some(pause)) if pause.message == "paused" => format!("Paused at {count}."),
            (_, Some(pause)) => format!(
                "Paused at {count}: {}.",
                pause.message.trim_end_matches('.')
            ),
            ("stopping", _) => {
                // what will not be sent is over, and was not reached
                let (well, badly, _) = self.bar();
                let reached = words::number(well + badly);
                format!(
                    "Stopping at {reached} of {}; waiting for what is under way.",
                    words::number(all)
                )
            }
            _ if let Some(wait) = self.wait.as_ref().filter(|it| it.seconds > 1) => {
                format!("{count}, waiting {} s: {}.", wait.seconds, wait.message)
            }
            _ => match rate {
                None => format!("{count}."),
                Some(rate) => {
                    let left = (all - over) as u64 * 1000 / u64::from(rate.max(1));
                    format!("{count}, about {} left at {rate} a second.", duration(left))
                }
            },
        }
    }
}

impl RunView {
    /// How many steps have which outcome.
    fn outcomes(&self) -> String {
        let counts = self.counts();
        let some = counts
            .into_iter()
            .filter(|(outcome, n)| *n > 0 || *outcome == Outcome::Done);
        let said = some.map(|(outcome, n)| format!("{} {}", words::number(n), outcome.name()));
        said.collect::<Vec<_>>().join(", ")
    }

    /// How many steps stand how, in the order in which they are shown.
    pub(crate) fn counts(&self) -> [(Outcome, usize); 6] {
        let Tally {
            waiting,
            sent,
            open,
            done,
            already_so,
            refused,
            unknown,
            not_sent,
        } = self.tally;
        [
            (Outcome::Open, waiting + sent + open),
            (Outcome::Done, done),
            (Outcome::AlreadySo, already_so),
            (Outcome::NotDone, refused),
            (Outcome::Unknown, unknown),
            (Outcome::NotSent, not_sent),
        ]
    }
}

/// How a step ended, as one of a few kinds: the buttons above the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It has not ended yet.
    Open,
    /// As it was wanted.
    Done,
    /// There was nothing to do.
    AlreadySo,
    /// The service said no.
    NotDone,
    /// Nothing can show it.
    Unknown,
    /// The run was stopped before.
    NotSent,
}

impl Outcome {
    /// Of a step.
    pub(crate) fn of(standing: &Standing) -> Self {
        match standing {
            Standing::Waiting | Standing::Sent | Standing::Open { .. } => Self::Open,
            Standing::Done { .. } => Self::Done,
            Standing::AlreadySo => Self::AlreadySo,
            Standing::Refused { .. } => Self::NotDone,
            Standing::Unknown { .. } => Self::Unknown,
            Standing::NotSent => Self::NotSent,
        }
    }

    /// Words behind its number.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Open => "to come",
            Self::Done => "done",
            Self::AlreadySo => "already so",
            Self::NotDone => "not done",
            Self::Unknown => "unknown",
            Self::NotSent => "not sent",
        }
    }

    /// Its class.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Open => "wait",
            Self::Done | Self::AlreadySo => "ok",
            Self::NotDone | Self::Unknown => "bad",
            Self::NotSent => "off",
        }
    }
}

impl StepView {
    /// What came of it: a word, its class, and what the service said.
    pub(crate) fn outcome(&self) -> (&'static str, &'static str) {
        match &self.progress.standing {
            Standing::Waiting => ("waiting", "off"),
            Standing::Sent => ("sending", "wait"),
            Standing::Open { .. } => ("to be checked", "wait"),
            Standing::Done { seen: true, .. } => ("done, seen in the list", "ok"),
            Standing::Done { .. } => ("done", "ok"),
            Standing::AlreadySo => ("already so", "ok"),
            Standing::Refused { .. } => ("not done", "bad"),
            Standing::Unknown { .. } => ("unknown", "bad"),
            Standing::NotSent => ("not sent", "off"),
        }
    }

    /// What it does, with the labels of roles before and after.
    pub(crate) fn what(&self, before: &str, after: &str) -> String {
        match self.act {
            Act::Invite => format!("Invite as {after}"),
            Act::Resend => format!("Send again, as {after}"),
            Act::ReRole => format!("{before} → {after}"),
            Act::Withdraw => "Withdraw".to_owned(),
            Act::Remove => "Remove".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_server_tells_and_takes_in_news() {
        let mut run: RunView = serde_json::from_str(
            r#"{"id":1,"at":"2026-11-21T08:00:00Z","who":"x","connection":"c","organization":"o","state":"running",
            "tally":{"waiting":1,"sent":1,"open":0,"done":0,"alreadySo":0,"refused":0,"unknown":0,"notSent":0},
            "steps":[{"step":0,"row":0,"email":"a@example.org","act":"invite","state":"sent","sent":1},
                     {"step":1,"row":1,"email":"b@example.org","act":"invite","state":"waiting","sent":0}]}"#,
        )
        .unwrap();
        assert_eq!(run.progress(), (0, 2));
        assert_eq!(
            run.sentence(Some(10)),
            "0 of 2, about 1 second left at 10 a second."
        );
        let news = serde_json::from_str(
            r#"{"state":"done","tally":{"waiting":0,"sent":0,"open":0,"done":1,"alreadySo":0,"refused":1,"unknown":0,"notSent":0},
            "steps":[{"step":0,"row":0,"email":"a@example.org","act":"invite","state":"done","sent":1}]}"#,
        );
        run.take_in(news.unwrap());
        assert!(run.is_over());
        assert_eq!(run.steps[0].outcome(), ("done", "ok"));
        assert_eq!(run.sentence(Some(10)), "Finished: 1 done, 1 not done.");
    }

    #[test]
    fn the_bar_of_a_run_that_was_stopped_is_not_full() {
        let run: RunView = serde_json::from_str(
            r#"{"state":"stopped","tally":{"waiting":0,"sent":0,"open":0,"done":11,"alreadySo":1,"refused":2,"unknown":0,"notSent":16}}"#,
        )
        .unwrap();
        assert_eq!(run.bar(), (12, 2, 30));
    }

    #[test]
    fn without_a_pace_no_time_is_promised() {
        let run: RunView = serde_json::from_str(
            r#"{"state":"running","tally":{"waiting":6,"sent":0,"open":0,"done":4,"alreadySo":0,"refused":0,"unknown":0,"notSent":0}}"#,
        )
        .unwrap();
        assert_eq!(run.sentence(None), "4 of 10.");
    }

    #[test]
    fn a_run_says_what_it_is_and_whether_it_is_undone() {
        let run = |undone: &str| -> RunView {
            serde_json::from_str(&format!(
                r#"{{"id":2,"state":"done","acts":{{"invite":0,"resend":0,"reRole":3,"withdraw":0,"remove":0}}{undone},
                "tally":{{"waiting":0,"sent":0,"open":0,"done":3,"alreadySo":0,"refused":0,"unknown":0,"notSent":0}}}}"#,
            ))
            .unwrap()
        };
        let told = run("");
        assert_eq!(title(2, told.undoes, told.acts), "Run 2: 3 role changes");
        assert_eq!(title(3, Some(2), told.acts), "Run 3: undo of run 2");
        assert!(!told.is_undone());
        assert!(!run(r#","undone":{"run":3,"done":2}"#).is_undone());
        assert!(run(r#","undone":{"run":3,"done":3}"#).is_undone());
    }

    #[test]
    fn a_wait_is_named_until_it_is_over() {
        let tally = r#""tally":{"waiting":57,"sent":0,"open":0,"done":23,"alreadySo":0,"refused":0,"unknown":0,"notSent":0}"#;
        let mut run: RunView = serde_json::from_str(&format!(
            r#"{{"state":"running","wait":{{"seconds":41,"message":"Astro allows 10 a second"}},{tally}}}"#
        ))
        .unwrap();
        assert_eq!(
            run.sentence(Some(10)),
            "23 of 80, waiting 41 s: Astro allows 10 a second."
        );
        run.take_in(serde_json::from_str(&format!(r#"{{"state":"running",{tally}}}"#)).unwrap());
        assert_eq!(
            run.sentence(Some(10)),
            "23 of 80, about 6 seconds left at 10 a second."
        );
    }

    #[test]
    fn a_run_that_rests_says_what_was_done_and_why_it_rests() {
        let told = |state: &str, pause: &str| {
            let run: RunView = serde_json::from_str(&format!(
                r#"{{"state":"{state}"{pause},"tally":{{"waiting":0,"sent":0,"open":0,"done":23,"alreadySo":0,"refused":0,"unknown":0,"notSent":57}}}}"#,
            ))
            .unwrap();
            run.sentence(Some(10))
        };
        assert_eq!(told("stopped", ""), "Stopped: 23 done, 57 not sent.");
        assert_eq!(
            told(
                "paused",
                r#","pause":{"reason":"asked","message":"paused"}"#
            ),
            "Paused at 80 of 80."
        );
        assert_eq!(
            told(
                "paused",
                r#","pause":{"reason":"interrupted","message":"the server was stopped in the middle"}"#
            ),
            "Paused at 80 of 80: the server was stopped in the middle."
        );
    }
}
