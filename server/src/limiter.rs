//! How fast one token may be used: the service's published limits, lower after it says that it is
//! too much, and back up with each success.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::Method;
use rolecall_core::service::Rates;
use tokio::time::{Instant, sleep_until};

/// Part of a limit that is used evenly; the rest is for what may go at once, and for calls that the
/// network brings closer together than they were sent.
const EVENLY: f64 = 0.93;

/// Longest time that a service's `Retry-After` holds back everybody else, in seconds.
const LONGEST_HOLD: f64 = 10.0;

/// Calls a second after the first 429 where no limit was known.
const CAREFUL: f64 = 10.0;

/// Calls a second from which on an unknown limit is forgotten again.
const CAREFREE: f64 = 200.0;

/// The pace of one token: a lane each for reading, writing and removing.
#[derive(Debug)]
pub struct Pace {
    start: Instant,
    lanes: Mutex<[Lane; 3]>,
}

impl Pace {
    /// A pace within these limits, or without any until the service complains.
    pub fn new(rates: Option<Rates>) -> Self {
        let lane = |method| {
            let limit = rates.map_or(f64::INFINITY, |rates| f64::from(rates.of(&method)));
            Lane::new(limit)
        };
        Self {
            start: Instant::now(),
            lanes: Mutex::new([lane(Method::GET), lane(Method::POST), lane(Method::DELETE)]),
        }
    }

    /// Waits for this call's turn.
    pub async fn turn(&self, method: &Method) {
        let at = self.with(method, Lane::take);
        if at > self.now() {
            sleep_until(self.start + Duration::from_secs_f64(at)).await;
        }
    }

    /// How long a call would wait for its turn now.
    pub fn wait(&self, method: &Method) -> Duration {
        let wait = self.with(method, |lane, now| lane.next(now) - now);
        Duration::try_from_secs_f64(wait).unwrap_or_default()
    }

    /// Takes in the status of an answer, and how long the service says to wait, in milliseconds.
    pub fn heed(&self, method: &Method, status: u16, wait_ms: Option<u64>) {
        self.with(method, |lane, now| match status {
            429 => {
                #[expect(clippy::cast_precision_loss, reason = "a wait of seconds")]
                let wait = wait_ms.unwrap_or(0) as f64 / 1_000.0;
                lane.slower(now, wait);
            }
            200..=299 => lane.faster(),
            _ => {}
        });
    }

    fn with<T>(&self, method: &Method, act: impl FnOnce(&mut Lane, f64) -> T) -> T {
        let now = self.now();
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = match *method {
            Method::GET => 0,
            Method::DELETE => 2,
            _ => 1,
        };
        act(&mut lanes[lane], now)
    }

    fn now(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }
}

/// Calls of one kind. Times are seconds since the pace began.
#[derive(Clone, Debug)]
struct Lane {
    /// The limit, in calls a second; infinite where none is known.
    limit: f64,
    /// What is used of it now.
    rate: f64,
    /// When the calls taken so far are all due.
    due: f64,
}

impl Lane {
    fn new(limit: f64) -> Self {
        Self {
            limit,
            rate: limit * EVENLY,
            due: 0.0,
        }
    }

    /// When the next turn is.
    fn next(&self, now: f64) -> f64 {
        if self.rate.is_infinite() {
            return now;
        }
        // What is not used evenly may go at once; at the least one call.
        let slack =
            (self.limit.min(self.rate / EVENLY) * (1.0 - EVENLY) - 1.0).max(0.0) / self.rate;
        (self.due - slack).max(now)
    }

    /// Takes a turn: when it is.
    fn take(&mut self, now: f64) -> f64 {
        let at = self.next(now);
        if self.rate.is_finite() {
            self.due = self.due.max(now) + 1.0 / self.rate;
        }
        at
    }

    fn slower(&mut self, now: f64, wait: f64) {
        self.rate = match self.rate.is_infinite() {
            true => CAREFUL,
            false => (self.rate / 2.0).max(0.5),
        };
        self.due = self.due.max(now + wait.min(LONGEST_HOLD));
    }

    fn faster(&mut self) {
        if self.rate.is_infinite() {
            return;
        }
        if self.limit.is_infinite() {
            self.rate += 1.0;
            if self.rate > CAREFREE {
                self.rate = f64::INFINITY;
            }
        } else {
            self.rate = (self.rate + self.limit * 0.05).min(self.limit * EVENLY);
        }
    }
}

#[cfg(test)]
mod tests {
    use rolecall_core::service::Service;

    use super::*;

    /// How many of the turns fall into the busiest second.
    fn busiest(turns: &[f64]) -> usize {
        turns
            .iter()
            .map(|from| {
                turns
                    .iter()
                    .filter(|at| (*from..*from + 1.0).contains(at))
                    .count()
            })
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn stays_within_the_limit_in_any_second_and_uses_most_of_it() {
        for limit in [5.0, 10.0, 25.0] {
            let mut lane = Lane::new(limit);
            let turns: Vec<f64> = (0..300).map(|_| lane.take(100.0)).collect();
            #[expect(clippy::cast_precision_loss, reason = "a count of hundreds")]
            let most = busiest(&turns) as f64;
            assert!(most <= limit, "{most} of {limit}");
            let took = turns[299] - turns[0];
            assert!(300.0 / took > limit * 0.92, "{took} s at {limit}");
        }
    }

    #[test]
    fn a_rest_is_not_saved_up() {
        let mut lane = Lane::new(10.0);
        lane.take(0.0);
        let turns: Vec<f64> = (0..20).map(|_| lane.take(1_000.0)).collect();
        assert!(busiest(&turns) <= 10);
    }

    #[test]
    fn a_429_slows_down_and_success_speeds_up_again() {
        let mut lane = Lane::new(10.0);
        lane.slower(0.0, 0.0);
        assert!((lane.rate - 5.0 * EVENLY).abs() < 1e-9);
        for _ in 0..100 {
            lane.slower(0.0, 0.0);
        }
        assert!(lane.rate >= 0.5);
        for _ in 0..100 {
            lane.faster();
        }
        assert!((lane.rate - 10.0 * EVENLY).abs() < 1e-9);
    }

    #[test]
    fn what_the_service_asks_to_wait_holds_back_the_next_call() {
        let mut lane = Lane::new(10.0);
        lane.slower(5.0, 3.0);
        assert!(lane.take(5.0) >= 8.0);
        let mut lane = Lane::new(10.0);
        lane.slower(5.0, 3_600.0);
        assert!(lane.take(5.0) <= 5.0 + LONGEST_HOLD + 1.0);
    }

    #[test]
    fn without_a_known_limit_nothing_waits_until_the_service_complains() {
        let mut lane = Lane::new(f64::INFINITY);
        assert!((0..1_000).all(|_| lane.take(7.0) <= 7.0));
        lane.slower(7.0, 0.0);
        let turns: Vec<f64> = (0..50).map(|_| lane.take(7.0)).collect();
        assert!(busiest(&turns) <= 11);
        for _ in 0..300 {
            lane.faster();
        }
        assert!(lane.rate.is_infinite());
    }

    #[tokio::test(start_paused = true)]
    async fn each_kind_of_call_has_its_own_lane() {
        let pace = Pace::new(Some(Service::ALL[0].rates()));
        let begun = Instant::now();
        for _ in 0..10 {
            pace.turn(&Method::DELETE).await;
        }
        assert!(begun.elapsed() > Duration::from_millis(1_900));
        let begun = Instant::now();
        pace.turn(&Method::GET).await;
        pace.turn(&Method::POST).await;
        assert!(begun.elapsed() < Duration::from_millis(10));
    }
}
