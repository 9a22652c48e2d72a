//! Numbers that look random and are the same for the same seed, in each version of this program.
//!
//! SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014), written
//! out because ids and tokens of a seed stand in people's scripts: no update of a crate may move them.

use std::cell::Cell;

/// A source of numbers.
#[derive(Debug)]
pub(crate) struct Dice(Cell<u64>);

impl Dice {
    /// Starts from a seed; `label` keeps sources of different use apart.
    pub(crate) fn new(seed: u64, label: &str) -> Self {
        // FNV-1a over the label, so that near labels give far states.
        let hash = label.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(Cell::new(mix(seed ^ mix(hash))))
    }

    /// Any number.
    pub(crate) fn roll(&self) -> u64 {
        let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(state);
        mix(state)
    }

    /// A number below `end`, which is at least 1.
    pub(crate) fn below(&self, end: u64) -> u64 {
        // The high half of a product: even enough for far fewer sides than 2^64.
        let product = u128::from(self.roll()) * u128::from(end);
        u64::try_from(product >> 64).expect("the high half of a product of 64-bit numbers")
    }

    /// Whether something happens that happens in `share` of a thousand cases.
    pub(crate) fn per_mille(&self, share: u64) -> bool {
        self.below(1000) < share
    }

    /// One of several; there is at least one.
    pub(crate) fn pick<'t, T>(&self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len() as u64) as usize]
    }

    /// The place of one of several weights, each as often as its weight says.
    pub(crate) fn weighted(&self, weights: impl Iterator<Item = u64> + Clone) -> usize {
        let mut left = self.below(weights.clone().sum());
        for (at, weight) in weights.enumerate() {
            if left < weight {
                return at;
            }
            left -= weight;
        }
        unreachable!("a number below the sum of all weights falls into one of them")
    }

    /// Text of `length` characters of an alphabet.
    pub(crate) fn text(&self, alphabet: &[u8], length: usize) -> String {
        (0..length)
            .map(|_| char::from(*self.pick(alphabet)))
            .collect()
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_forever() {
        let dice = Dice::new(1, "astro");
        let rolled: Vec<u64> = (0..3).map(|_| dice.roll()).collect();
        assert_eq!(rolled, SEED_1_ASTRO);
        assert_ne!(Dice::new(1, "astra").roll(), rolled[0]);
        assert_ne!(Dice::new(2, "astro").roll(), rolled[0]);
    }

    /// Recorded once; a change here changes every id that people know.
    const SEED_1_ASTRO: [u64; 3] = [
        13_128_982_777_374_797_412,
        3_673_147_584_942_368_991,
        18_418_604_920_908_966_789,
    ];

    #[test]
    fn weights_are_kept() {
        let dice = Dice::new(7, "weights");
        let mut seen = [0_u32; 3];
        for _ in 0..10_000 {
            seen[dice.weighted([1, 0, 9].into_iter())] += 1;
        }
        assert_eq!(seen[1], 0);
        assert!((800..1200).contains(&seen[0]), "{seen:?}");
    }

    #[test]
    fn a_share_is_kept() {
        let dice = Dice::new(7, "share");
        let hits = (0..10_000).filter(|_| dice.per_mille(200)).count();
        assert!((1850..2150).contains(&hits), "{hits}");
    }
}
