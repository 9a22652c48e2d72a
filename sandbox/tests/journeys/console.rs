//! What a console does with core, without a screen and without a network.

use std::collections::VecDeque;

use http::{Request, Response};
use rolecall_core::directory::{Directory, InviteId, Organization, OrganizationId, UserId};
use rolecall_core::endpoint::{Site, Token};
use rolecall_core::plan::run::{Next, Pause, Policy};
use rolecall_core::plan::{Change, Context, Failure, Intent, Plan, Run, plan};
use rolecall_core::role::RoleId;
use rolecall_core::service::{Call, Service};
use rolecall_sandbox::{Delivery, Sandbox, Settings};
use rusqlite::Connection;

/// 2026-11-02 09:00 UTC, in milliseconds.
pub(crate) const NOW: u64 = 1_793_610_000_000;

/// How long an answer is on its way, in milliseconds.
const TRIP_MS: u64 = 20;

/// Users of the large organization, enough for most journeys.
pub(crate) const SMALL: u32 = 400;

pub(crate) struct Console {
    pub(crate) sandbox: Sandbox,
    pub(crate) now: u64,
    pub(crate) service: Service,
    pub(crate) organization: OrganizationId,
    pub(crate) users: Directory,
    pub(crate) me: Option<UserId>,
    token: Token,
    dice: u64,
    /// Answers of status 429 so far.
    pub(crate) too_fast: usize,
    /// How often the list was begun.
    pub(crate) readings: usize,
}

impl Console {
    /// Opens the `n`-th organization of a service, as an owner or a plain member, and reads it.
    pub(crate) fn open(service: Service, n: usize, role: &str) -> Self {
        let settings = Settings {
            users: SMALL,
            ..Settings::default()
        };
        Self::with(settings, service, n, role)
    }

    pub(crate) fn with(settings: Settings, service: Service, n: usize, role: &str) -> Self {
        let sandbox = Sandbox::open(Connection::open_in_memory().unwrap(), settings).unwrap();
        let mut console = Self {
            sandbox,
            now: NOW,
            service,
            organization: "".into(),
            users: Directory::default(),
            me: None,
            token: Token::new(""),
            dice: 1,
            too_fast: 0,
            readings: 0,
        };
        let inventory = console.sandbox.inventory().unwrap();
        let mut organizations = inventory.organizations.iter();
        let organization = organizations
            .by_ref()
            .filter(|it| it.service == service)
            .nth(n)
            .unwrap();
        let mut tokens = inventory.tokens.iter();
        let token = tokens
            .find(|it| it.organization == organization.id && it.role == role)
            .unwrap();
        console.token = Token::new(&token.token);
        console.enter(organization.id.as_str().into());
        console
    }

    /// Goes into an organization: who am I, which roles are there, who is in it.
    fn enter(&mut self, organization: OrganizationId) {
        self.organization = organization;
        self.users = Directory::new(self.service.known_roles());
        if let Some(call) = self.service.list_roles() {
            let roles = self.surely(&call);
            self.users.apply(&roles);
        }
        if let Some(call) = self.service.get_me()
            && let Change::Me { id, .. } = self.surely(&call)
        {
            self.me = Some(id);
        }
        self.read().unwrap();
    }

    /// Switches to another organization of the same token.
    pub(crate) fn switch(&mut self, name: &str) {
        let found = self.organizations();
        let found = found.iter().find(|it| it.name == name).unwrap();
        let id = found.id.clone();
        self.surely(&self.service.get_organization(&id));
        self.enter(id);
    }

    pub(crate) fn organizations(&mut self) -> Vec<Organization> {
        match self.surely(&self.service.list_organizations(0)) {
            Change::Organizations { organizations, .. } => organizations,
            other => panic!("{other:?}"),
        }
    }

    fn surely(&mut self, call: &Call) -> Change {
        for _ in 0..50 {
            if let Ok(change) = self.ask(call) {
                return change;
            }
        }
        panic!("{call:?} never succeeds");
    }

    /// Sends a call and waits for its answer.
    pub(crate) fn ask(&mut self, call: &Call) -> Result<Change, Failure> {
        let (at, answer) = self.send(call);
        self.now = at;
        answer
    }

    /// Sends a call; when the answer comes, and what it says.
    fn send(&mut self, call: &Call) -> (u64, Result<Change, Failure>) {
        let base = match self.service {
            Service::Astro => "/v1",
            Service::Astra => "/v2",
        };
        let token = Some(&self.token);
        let request: Request<Vec<u8>> = call.to_http(&Site { base, token });
        let reply = self.sandbox.handle(&request, self.now);
        assert!(reply.broken.is_none(), "{:?}", reply.broken);
        let at = self.now + TRIP_MS + reply.delay_ms;
        let answer =
            delivered(reply.response, reply.delivery).and_then(|response| call.read(&response));
        if let Err(failure) = &answer
            && failure.status() == Some(429)
        {
            self.too_fast += 1;
        }
        (at, answer)
    }

    /// Reads the whole list.
    pub(crate) fn read(&mut self) -> Result<(), Failure> {
        let mut last = None;
        for _ in 0..50 {
            match self.read_once() {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(failure) => {
                    last = Some(failure);
                    self.now += 1000;
                }
            }
        }
        Err(last.unwrap_or(Failure::Unanswered {
            message: "the list never holds still".to_owned(),
        }))
    }

    /// Whether the pages made one list: no user twice, the count the same all the while.
    fn read_once(&mut self) -> Result<bool, Failure> {
        self.users.begin_reading();
        self.readings += 1;
        let mut call = Some(self.service.list_users(&self.organization, 0));
        let mut seen = std::collections::HashSet::new();
        let mut totals = std::collections::HashSet::new();
        let mut whole = true;
        while let Some(next) = call {
            let page = self.ask(&next)?;
            if let Change::Users { users, total, .. } = &page {
                whole &= users.iter().all(|user| seen.insert(user.id.clone()));
                totals.insert(total.unwrap_or(users.len() as u32));
            }
            self.users.apply(&page);
            call = self.service.next_page(&self.organization, &page);
        }
        if !whole || totals.len() != 1 || !totals.contains(&(seen.len() as u32)) {
            return Ok(false);
        }
        self.users.end_reading();
        Ok(true)
    }

    pub(crate) fn plan(&self, intents: &[Intent]) -> Plan {
        let context = Context {
            service: self.service,
            organization: self.organization.clone(),
            me: self.me.clone(),
        };
        plan(intents, &self.users, &context)
    }

    /// Plans and does it all; the plan must not be refused in any row.
    pub(crate) fn make(&mut self, intents: &[Intent]) -> Run {
        let plan = self.plan(intents);
        assert_eq!(plan.refused, []);
        self.walk(Run::new(plan, Policy::default()), usize::MAX).0
    }

    /// Walks a run to its end, or until so many answers have come; answers still on their way are
    /// lost then, as when the process is killed. Somebody resumes it when the service is unwell.
    pub(crate) fn walk(&mut self, mut run: Run, answers: usize) -> (Run, bool) {
        let mut under_way: VecDeque<(u64, usize, Result<Change, Failure>)> = VecDeque::new();
        let mut came = 0;
        for _ in 0..1_000_000 {
            let wake = match run.next(self.now) {
                Next::Send(step) => {
                    let call = run.step(step).call.clone();
                    let (at, answer) = self.send(&call);
                    let place = under_way.partition_point(|(other, ..)| *other <= at);
                    under_way.insert(place, (at, step, answer));
                    continue;
                }
                Next::Wait(until) => Some(until),
                Next::Idle => None,
                Next::Read => {
                    match self.read() {
                        Ok(()) => run.settle(&self.users, self.now),
                        Err(failure) => run.could_not_read(failure, self.now, self.dice),
                    }
                    continue;
                }
                Next::Paused => match run.paused() {
                    Some(Pause::Permission { .. } | Pause::Token { .. }) => return (run, false),
                    _ => {
                        self.now += 5_000;
                        run.resume();
                        continue;
                    }
                },
                Next::Finished => return (run, true),
            };
            let arrives = under_way.front().map(|(at, ..)| *at);
            match (arrives, wake) {
                (Some(at), wake) if wake.is_none_or(|until| at <= until) => {
                    let (at, step, answer) = under_way.pop_front().unwrap();
                    self.now = self.now.max(at);
                    if let Ok(change) = &answer {
                        self.users.apply(change);
                    }
                    self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005) + 1;
                    run.record(step, answer, self.now, self.dice >> 33);
                    came += 1;
                    if came == answers {
                        return (run, false);
                    }
                }
                (_, Some(until)) => self.now = self.now.max(until),
                (_, None) => panic!("idle with nothing under way"),
            }
        }
        panic!("the run comes to no end");
    }

    /// Id of the user with an address.
    pub(crate) fn id_of(&self, email: &str) -> UserId {
        let index = self.users.find_email(email).unwrap();
        self.users.row(index).id.into()
    }

    pub(crate) fn roles_of(&self, email: &str) -> Vec<RoleId> {
        let index = self.users.find_email(email).unwrap();
        self.users.row(index).roles.to_vec()
    }

    pub(crate) fn has(&self, email: &str) -> bool {
        self.users.find_email(email).is_some()
    }

    pub(crate) fn invite_of(&self, email: &str) -> Option<InviteId> {
        let index = self.users.find_email(email)?;
        self.users.row(index).invite.cloned()
    }

    /// How often an address got an invitation's mail.
    pub(crate) fn mails_to(&self, email: &str) -> usize {
        let mails = self.sandbox.mails().unwrap();
        mails
            .iter()
            .filter(|mail| mail.email.eq_ignore_ascii_case(email))
            .count()
    }

    /// A role of the organization by its key.
    pub(crate) fn role(&self, name: &str) -> RoleId {
        let mut roles = self.users.roles().iter();
        let found = roles.find(|it| it.key == name || it.id.as_str() == name);
        found.unwrap_or_else(|| panic!("no role {name}")).id.clone()
    }
}

/// What arrives of an answer.
fn delivered(
    response: Response<Vec<u8>>,
    delivery: Delivery,
) -> Result<Response<Vec<u8>>, Failure> {
    match delivery {
        Delivery::Whole => Ok(response),
        Delivery::Truncated { .. } | Delivery::DroppedBefore | Delivery::DroppedAfter => {
            Err(Failure::Unanswered {
                message: "the connection closed".to_owned(),
            })
        }
    }
}
