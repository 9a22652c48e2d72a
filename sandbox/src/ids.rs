//! Ids in the forms of the two services, and moments as both write them.

use jiff::Timestamp;

use crate::dice::Dice;

const LOWER_AND_DIGITS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const HEX: &[u8] = b"0123456789abcdef";

/// A CUID: `c`, eight digits of the moment in base 36, sixteen more.
pub(crate) fn cuid(now_ms: u64, dice: &Dice) -> String {
    let mut moment = [b'0'; 8];
    let mut left = now_ms;
    for digit in moment.iter_mut().rev() {
        *digit = LOWER_AND_DIGITS[(left % 36) as usize];
        left /= 36;
    }
    let moment = moment.map(char::from).iter().collect::<String>();
    format!("c{moment}{}", dice.text(LOWER_AND_DIGITS, 16))
}

/// A UUID of version 4.
pub(crate) fn uuid(dice: &Dice) -> String {
    let (high, low) = (dice.roll(), dice.roll());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        0x8000 | (low >> 48) & 0x3fff,
        low & 0xffff_ffff_ffff
    )
}

/// Hexadecimal digits, lower case.
pub(crate) fn hex(length: usize, dice: &Dice) -> String {
    dice.text(HEX, length)
}

/// RFC 3339 in UTC, whole seconds; `ms` counts from 1970-01-01.
pub(crate) fn moment(ms: u64) -> String {
    let seconds = i64::try_from(ms / 1000).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds)
        .unwrap_or(Timestamp::MAX)
        .to_string()
}

#[cfg(test)]
mod tests {
    use rolecall_core::id::{LooksLike, looks_like};

    use super::*;

    #[test]
    fn ids_have_the_forms_of_the_services() {
        let dice = Dice::new(3, "ids");
        for at in [0, 1_700_000_000_000, u64::MAX] {
            assert_eq!(looks_like(&cuid(at, &dice)), Some(LooksLike::Cuid));
        }
        let id = uuid(&dice);
        assert_eq!(looks_like(&id), Some(LooksLike::Uuid));
        assert_eq!(&id[14..15], "4");
        assert!(matches!(&id[19..20], "8" | "9" | "a" | "b"));
    }

    #[test]
    fn moments_are_rfc_3339() {
        assert_eq!(moment(0), "1970-01-01T00:00:00Z");
        assert_eq!(moment(1_718_003_700_999), "2024-06-10T07:15:00Z");
        assert_eq!(moment(u64::MAX), "9999-12-30T22:00:00.999999999Z");
    }
}
