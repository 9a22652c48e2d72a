//! The outside's time and chance: the one place that asks for either.

use std::fmt;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Where time and chance come from; tests pass their own.
#[derive(Clone)]
pub struct World {
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
}

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01 UTC, by the machine's clock, which somebody may set.
    fn now_ms(&self) -> u64;

    /// Milliseconds by a clock that nobody sets; two of its times only say how long is between them.
    fn steady_ms(&self) -> u64 {
        self.now_ms()
    }
}

/// Gives unpredictable bytes.
pub trait Chance: Send + Sync {
    /// Fills all of `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

impl World {
    /// The machine's own clock and randomness.
    pub fn real() -> Self {
        Self::new(System::begin(), Randomness)
    }

    /// A given clock and a given source of chance.
    pub fn new(clock: impl Clock + 'static, chance: impl Chance + 'static) -> Self {
        Self {
            clock: Arc::new(clock),
            chance: Arc::new(chance),
        }
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }

    /// Milliseconds for waiting: it neither jumps nor goes back when the machine's clock is set.
    pub fn steady_ms(&self) -> u64 {
        self.clock.steady_ms()
    }

    /// A new secret of 256 bits, in letters that a URL and a cookie take as they are.
    pub fn secret(&self) -> String {
        let mut bytes = [0; 32];
        self.chance.fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// A number in `0.0..1.0`.
    pub fn fraction(&self) -> f64 {
        let mut bytes = [0; 4];
        self.chance.fill(&mut bytes);
        f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
    }

    /// A number of 64 unpredictable bits.
    pub fn number(&self) -> u64 {
        let mut bytes = [0; 8];
        self.chance.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("World")
    }
}

struct System {
    begun: Instant,
}

impl System {
    fn begin() -> Self {
        Self {
            begun: Instant::now(),
        }
    }
}

impl Clock for System {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    fn now_ms(&self) -> u64 {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| {
                u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
            })
    }

    fn steady_ms(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

struct Randomness;

impl Chance for Randomness {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks for the machine's randomness"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("a machine without randomness cannot keep a secret");
    }
}

/// `2026-11-21T07:02:40.123Z` for a time in milliseconds since 1970-01-01 UTC.
pub fn rfc3339(ms: u64) -> String {
    let time = i64::try_from(ms)
        .ok()
        .and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok())
        .unwrap_or(jiff::Timestamp::MAX);
    format!("{time:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_rfc_3339() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
            (1_795_244_560_123, "2026-11-21T07:02:40.123Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(rfc3339(ms), text);
        }
    }

    #[test]
    fn the_time_for_waiting_begins_with_the_process() {
        let world = World::real();
        let begun = world.steady_ms();
        assert!(begun < 60_000 && world.now_ms() > 1_700_000_000_000);
        std::thread::sleep(std::time::Duration::from_millis(5));
        assert!(world.steady_ms() >= begun + 4);
    }

    #[test]
    fn secrets_are_long_and_never_the_same() {
        let world = World::real();
        let (one, two) = (world.secret(), world.secret());
        assert_eq!(one.len(), 43);
        assert_ne!(one, two);
        assert!((0.0..1.0).contains(&world.fraction()));
    }
}
