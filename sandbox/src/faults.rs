//! Failures on demand: how often, of which kinds, and which one strikes a request.

use std::fmt;
use std::str::FromStr;

use http::{Method, Request, Response, StatusCode, Uri};

use crate::dice::Dice;

/// Name of the header that asks for a fault: its value is a [`Fault`].
pub const FAULT_HEADER: &str = "x-sandbox-fault";

/// How long a slow answer takes, in milliseconds.
const SLOW_MS: u64 = 2000;

/// What `Retry-After` says, in seconds.
const RETRY_AFTER: u32 = 1;

/// One way in which a request fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// A status from 400 to 599 instead of an answer; nothing is changed. 429 comes with
    /// `Retry-After`; 502, 503 and 504 carry a proxy's page instead of the service's words.
    Status(u16),
    /// 429 without `Retry-After`.
    BareTooMany,
    /// The change is made, then 500.
    FailedAfter,
    /// The connection closes without an answer; nothing is changed.
    DropBefore,
    /// The change is made, then the connection closes without an answer.
    DropAfter,
    /// The change is made; the answer's body stops in the middle.
    Truncated,
    /// The change is made; the body is a page of HTML under status 200.
    NotJson,
    /// The change is made; the body is empty under status 200.
    Empty,
    /// The change is made; a success has status 201.
    Created,
    /// The answer is right and comes two seconds late.
    Slow,
    /// A page of a list, not the first: the page before it once more.
    DuplicatePage,
    /// A page of a list, not the first: an earlier entry is gone, so all have moved up by one.
    ShrinkingList,
}

impl Fault {
    /// Those that `20%` stands for: each may meet a client that did nothing wrong.
    pub const ALL: [Self; 15] = [
        Self::Status(429),
        Self::BareTooMany,
        Self::Status(500),
        Self::Status(502),
        Self::Status(503),
        Self::FailedAfter,
        Self::DropBefore,
        Self::DropAfter,
        Self::Truncated,
        Self::NotJson,
        Self::Empty,
        Self::Created,
        Self::Slow,
        Self::DuplicatePage,
        Self::ShrinkingList,
    ];

    /// Whether a request can fail in this way.
    fn strikes<B>(self, request: &Request<B>) -> bool {
        match self {
            Self::DuplicatePage | Self::ShrinkingList => {
                *request.method() == Method::GET && offset(request.uri()).is_some_and(|at| at > 0)
            }
            _ => true,
        }
    }

    /// Whether the service does its part.
    pub(crate) fn lets_through(self) -> bool {
        !matches!(self, Self::Status(_) | Self::BareTooMany | Self::DropBefore)
    }

    /// The status that stands in for an answer.
    pub(crate) fn status(self) -> Option<StatusCode> {
        match self {
            Self::Status(status) => StatusCode::from_u16(status).ok(),
            Self::BareTooMany => Some(StatusCode::TOO_MANY_REQUESTS),
            Self::FailedAfter => Some(StatusCode::INTERNAL_SERVER_ERROR),
            _ => None,
        }
    }

    /// Seconds that `Retry-After` says.
    pub(crate) fn retry_after(self) -> Option<u32> {
        (self == Self::Status(429)).then_some(RETRY_AFTER)
    }

    /// Milliseconds by which the answer comes late.
    pub(crate) fn delay_ms(self) -> u64 {
        match self {
            Self::Slow => SLOW_MS,
            _ => 0,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Status(status) => return status.fmt(f),
            Self::BareTooMany => "429-bare",
            Self::FailedAfter => "500-after",
            Self::DropBefore => "drop-before",
            Self::DropAfter => "drop-after",
            Self::Truncated => "truncated",
            Self::NotJson => "not-json",
            Self::Empty => "empty",
            Self::Created => "201",
            Self::Slow => "slow",
            Self::DuplicatePage => "duplicate-page",
            Self::ShrinkingList => "shrinking-list",
        })
    }
}

impl FromStr for Fault {
    type Err = InvalidFaults;

    fn from_str(text: &str) -> Result<Self, InvalidFaults> {
        let status = text.parse().ok().filter(|it| (400..600).contains(it));
        status
            .map(Self::Status)
            .or_else(|| Self::ALL.into_iter().find(|it| it.to_string() == text))
            .ok_or_else(|| InvalidFaults::Unknown {
                text: text.to_owned(),
            })
    }
}

/// How often requests fail, and how.
///
/// Written as parts with commas between them: `20%` (so many requests fail, in all ways), a fault's
/// name with a share (`drop-after=5%`) or alone (each request), and `latency=200ms`, which all
/// answers wait.
///
/// ```
/// use rolecall_sandbox::Faults;
///
/// let faults: Faults = "drop-after=5%, 429=10%, latency=200ms".parse()?;
/// assert_eq!(faults.to_string(), "drop-after=5%,429=10%,latency=200ms");
/// # Ok::<(), rolecall_sandbox::InvalidFaults>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Shares in hundredths of a percent; `None` stands for all ways.
    shares: Vec<(Option<Fault>, u32)>,
    latency_ms: u64,
}

/// Why a text is no [`Faults`] or [`Fault`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidFaults {
    /// Not a fault's name.
    #[error(
        "`{text}` is not a fault; there are {}, and any status from 400 to 599",
        Fault::ALL.map(|it| it.to_string()).join(", ")
    )]
    Unknown {
        /// The part of the text.
        text: String,
    },
    /// Not a share.
    #[error("`{text}` is not a share; write it as `5%` or `0.5%`")]
    Share {
        /// The part of the text.
        text: String,
    },
    /// Not a time.
    #[error("`{text}` is not a time; write it as `200ms` or `2s`")]
    Time {
        /// The part of the text.
        text: String,
    },
    /// More requests would fail than there are.
    #[error("all shares together are more than 100%")]
    TooMany,
}

/// A hundred percent.
const WHOLE: u32 = 10_000;

impl FromStr for Faults {
    type Err = InvalidFaults;

    fn from_str(text: &str) -> Result<Self, InvalidFaults> {
        let mut faults = Self::default();
        for part in text.split(',').map(str::trim).filter(|it| !it.is_empty()) {
            match part.split_once('=') {
                Some(("latency", time)) => faults.latency_ms = milliseconds(time)?,
                Some(("status", status)) => {
                    faults.shares.push((Some(status.parse()?), WHOLE));
                }
                Some((name, rate)) => {
                    faults.shares.push((Some(name.parse()?), share(rate)?));
                }
                None if part.ends_with('%') => faults.shares.push((None, share(part)?)),
                None => faults.shares.push((Some(part.parse()?), WHOLE)),
            }
        }
        let sum: u32 = faults.shares.iter().map(|(_, share)| share).sum();
        if sum > WHOLE {
            return Err(InvalidFaults::TooMany);
        }
        Ok(faults)
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = self
            .shares
            .iter()
            .map(|(fault, share)| {
                let share = f64::from(*share) / 100.0;
                match fault {
                    Some(fault) => format!("{fault}={share}%"),
                    None => format!("{share}%"),
                }
            })
            .collect();
        if self.latency_ms > 0 {
            parts.push(format!("latency={}ms", self.latency_ms));
        }
        f.write_str(&parts.join(","))
    }
}

fn share(text: &str) -> Result<u32, InvalidFaults> {
    let number: Option<f64> = text
        .trim()
        .strip_suffix('%')
        .and_then(|it| it.trim().parse().ok());
    match number {
        Some(percent) if (0.0..=100.0).contains(&percent) => Ok((percent * 100.0).round() as u32),
        _ => Err(InvalidFaults::Share {
            text: text.to_owned(),
        }),
    }
}

fn milliseconds(text: &str) -> Result<u64, InvalidFaults> {
    let text = text.trim();
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 1),
        None => (text.strip_suffix('s').unwrap_or_default(), 1000),
    };
    number
        .trim()
        .parse::<u32>()
        .map(|it| u64::from(it) * unit)
        .map_err(|_| InvalidFaults::Time {
            text: text.to_owned(),
        })
}

impl Faults {
    /// Milliseconds that each answer waits.
    pub(crate) fn latency_ms(&self) -> u64 {
        self.latency_ms
    }

    /// Which fault strikes the `number`-th request, if any: the same for the same seed.
    pub(crate) fn strike<B>(&self, request: &Request<B>, seed: u64, number: u64) -> Option<Fault> {
        let dice = Dice::new(seed, &format!("fault {number}"));
        let mut rolled = u32::try_from(dice.below(u64::from(WHOLE))).unwrap_or(WHOLE);
        for (fault, share) in &self.shares {
            if rolled < *share {
                return match fault {
                    Some(fault) => Some(*fault).filter(|it| it.strikes(request)),
                    None => {
                        let mut possible = Fault::ALL.to_vec();
                        possible.retain(|it| it.strikes(request));
                        Some(*dice.pick(&possible))
                    }
                };
            }
            rolled -= share;
        }
        None
    }
}

/// The fault for which an address asks by its local part: `fails.500@example.com` when somebody is
/// invited, `then-fails.500@example.com` when that user is changed afterwards.
pub(crate) fn asked_by(address: &str, invited: bool) -> Option<Fault> {
    let (local, _) = address.trim().split_once('@')?;
    let prefix = if invited { "fails." } else { "then-fails." };
    local.to_lowercase().strip_prefix(prefix)?.parse().ok()
}

/// Entries which a request of a list skips.
fn offset(uri: &Uri) -> Option<u32> {
    number(uri, "offset")
}

fn number(uri: &Uri, name: &str) -> Option<u32> {
    uri.query()?
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        .and_then(|value| value.parse().ok())
}

/// The address of the page that is served instead of the one asked for, and by how many entries
/// the list has shrunk.
pub(crate) fn other_page(fault: Fault, uri: &Uri) -> Option<(Uri, u32)> {
    let asked = offset(uri)?;
    let (served, gone) = match fault {
        Fault::DuplicatePage => {
            let limit = number(uri, "limit").unwrap_or(20);
            (asked.saturating_sub(limit), 0)
        }
        Fault::ShrinkingList => (asked.saturating_add(1), 1),
        _ => return None,
    };
    let query = uri
        .query()?
        .replace(&format!("offset={asked}"), &format!("offset={served}"));
    let uri = format!("{}?{query}", uri.path()).parse().ok()?;
    Some((uri, gone))
}

/// Makes a page look like the one asked for, of a list that has lost `gone` entries.
pub(crate) fn disguise(response: &mut Response<Vec<u8>>, asked: &Uri, gone: u32) {
    let Ok(mut page) = serde_json::from_slice::<serde_json::Value>(response.body()) else {
        return;
    };
    let total = page["totalCount"].as_u64();
    if let (Some(total), Some(asked)) = (total, offset(asked)) {
        page["offset"] = asked.into();
        page["totalCount"] = total.saturating_sub(gone.into()).into();
        *response.body_mut() = page.to_string().into_bytes();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str) -> Request<()> {
        Request::get(path).body(()).unwrap()
    }

    #[test]
    fn each_name_is_read_back() {
        for fault in Fault::ALL {
            assert_eq!(fault.to_string().parse(), Ok(fault));
        }
        assert_eq!("403".parse(), Ok(Fault::Status(403)));
        for text in ["", "200", "399", "600", "drop", "Slow"] {
            assert!(text.parse::<Fault>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_grammar_is_read_and_written() {
        for (text, written) in [
            ("", ""),
            ("20%", "20%"),
            (
                "drop-after=5%, 429=10%,500=5%,latency=200ms",
                "drop-after=5%,429=10%,500=5%,latency=200ms",
            ),
            ("truncated", "truncated=100%"),
            ("status=201", "201=100%"),
            ("0.25%,latency=2s", "0.25%,latency=2000ms"),
        ] {
            let faults: Faults = text.parse().unwrap();
            assert_eq!(faults.to_string(), written);
            assert_eq!(faults.to_string().parse(), Ok(faults));
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let said = |text: &str| text.parse::<Faults>().unwrap_err().to_string();
        assert!(
            said("20%,dropped").starts_with("`dropped` is not a fault; there are 429, 429-bare")
        );
        assert_eq!(
            said("429=often"),
            "`often` is not a share; write it as `5%` or `0.5%`"
        );
        for share in ["101%", "-1%", "NaN%", "%"] {
            assert!(said(share).contains("is not a share"), "{share}");
        }
        for time in ["latency=fast", "latency=", "latency=5", "latency=-1ms"] {
            assert!(said(time).contains("is not a time"), "{time}");
        }
        assert_eq!(
            said("slow=60%,429=41%"),
            "all shares together are more than 100%"
        );
    }

    #[test]
    fn shares_are_kept_and_the_same_seed_fails_the_same_requests() {
        let faults: Faults = "drop-after=5%,429=10%".parse().unwrap();
        let request = get("/v1/organizations");
        let strikes = |seed| -> Vec<Option<Fault>> {
            (0..10_000)
                .map(|number| faults.strike(&request, seed, number))
                .collect()
        };
        let struck = strikes(1);
        let count = |fault| struck.iter().filter(|it| **it == Some(fault)).count();
        assert!((400..600).contains(&count(Fault::DropAfter)));
        assert!((850..1150).contains(&count(Fault::Status(429))));
        assert_eq!(struck, strikes(1));
        assert_ne!(struck, strikes(2));
    }

    #[test]
    fn a_bare_share_means_all_that_can_strike() {
        let faults: Faults = "100%".parse().unwrap();
        let all = |path| -> std::collections::HashSet<Fault> {
            let request = get(path);
            (0..1000)
                .filter_map(|number| faults.strike(&request, 1, number))
                .collect()
        };
        assert_eq!(all("/v1/x?limit=10&offset=10").len(), Fault::ALL.len());
        assert_eq!(all("/v1/x?limit=10&offset=0").len(), Fault::ALL.len() - 2);
        assert_eq!(all("/v1/x").len(), Fault::ALL.len() - 2);
    }

    #[test]
    fn other_pages_are_the_one_before_and_one_further() {
        let uri: Uri = "/v1/x?offset=40&limit=20&sorts=id%3Aasc".parse().unwrap();
        let (before, gone) = other_page(Fault::DuplicatePage, &uri).unwrap();
        assert_eq!(before, "/v1/x?offset=20&limit=20&sorts=id%3Aasc");
        assert_eq!(gone, 0);
        let (further, gone) = other_page(Fault::ShrinkingList, &uri).unwrap();
        assert_eq!(further, "/v1/x?offset=41&limit=20&sorts=id%3Aasc");
        assert_eq!(gone, 1);
        assert_eq!(other_page(Fault::Slow, &uri), None);
    }

    #[test]
    fn addresses_ask_for_faults() {
        assert_eq!(
            asked_by("Fails.drop-after@example.com", true),
            Some(Fault::DropAfter)
        );
        assert_eq!(asked_by("fails.500@example.com", false), None);
        assert_eq!(
            asked_by("then-fails.500@example.com", false),
            Some(Fault::Status(500))
        );
        assert_eq!(asked_by("then-fails.500@example.com", true), None);
        for ordinary in ["fails@example.com", "fails.badly@example.com", "fails.500"] {
            assert_eq!(asked_by(ordinary, true), None, "{ordinary}");
        }
    }
}
