//! Near-equal texts (近似重复): how alike two texts are, and a sketch by which the alike are found among a million.
//!
//! A text is the set of its pairs of neighbouring characters, after everything but letters and digits is left out.
//! Two texts are as [alike](Shingles::alike) as the share of pairs that both have (Jaccard). The sketch is a MinHash:
//! eight bands of three minima each. Texts that share seven tenths of their pairs have a band in common in 96 of 100
//! cases, those that share a tenth in fewer than one; whoever is found by a band is compared for certain.
//!
//! A text of fewer than [`SHORTEST`] letters has no sketch: "同意第八条" is what many people say by themselves.

use std::collections::HashSet;

use crate::text::essence;

/// Letters and digits that a text must have.
pub const SHORTEST: usize = 16;
/// From this share of common pairs on, texts are near-equal.
pub const ALIKE: f64 = 0.5;

pub const BANDS: usize = 8;
const ROWS: usize = 3;

/// The pairs of characters of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shingles(HashSet<(char, char)>);

impl Shingles {
    /// Those of a text, or none where it is too short to be compared.
    pub fn of(text: &str) -> Option<Self> {
        let letters: Vec<char> = essence(text).chars().collect();
        (letters.len() >= SHORTEST).then(|| Self(letters.windows(2).map(|w| (w[0], w[1])).collect()))
    }

    /// The share of pairs in common, from 0 to 1.
    pub fn alike(&self, other: &Self) -> f64 {
        let both = self.0.intersection(&other.0).count();
        let all = self.0.len() + other.0.len() - both;
        both as f64 / all.max(1) as f64
    }

    /// The bands of the sketch: one in common, and two texts are worth comparing. Their numbers mean nothing else, but
    /// they are kept: to count them in another way takes a migration.
    pub fn bands(&self) -> [i64; BANDS] {
        let mut least = [u64::MAX; BANDS * ROWS];
        for (a, b) in &self.0 {
            let pair = mix(u64::from(u32::from(*a)) << 32 | u64::from(u32::from(*b)));
            for (i, least) in least.iter_mut().enumerate() {
                *least = (*least)
                    .min(pair.wrapping_mul(ODD[i]).rotate_left(29).wrapping_mul(ODD[BANDS * ROWS - 1 - i]));
            }
        }
        let mut bands = [0; BANDS];
        for (i, (band, rows)) in bands.iter_mut().zip(least.chunks(ROWS)).enumerate() {
            // The number of the band is in it: equal minima of other bands are no match.
            let all = rows.iter().fold(i as u64, |all, row| mix(all ^ row));
            *band = i64::from_le_bytes(all.to_le_bytes());
        }
        bands
    }
}

/// SplitMix64: spreads numbers that lie together.
const fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// One order of all pairs for each minimum.
const ODD: [u64; BANDS * ROWS] = {
    let mut odd = [0; BANDS * ROWS];
    let mut i = 0;
    while i < odd.len() {
        odd[i] = mix(i as u64) | 1;
        i += 1;
    }
    odd
};

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(a: &str, b: &str) -> f64 {
        Shingles::of(a).unwrap().alike(&Shingles::of(b).unwrap())
    }

    #[test]
    fn a_template_with_another_name_is_alike_and_found() {
        let with = |name: &str| {
            format!("我是{name}，建议周末延长开放到晚上九点，方便上班的人锻炼，也希望夜间照明跟上。")
        };
        let (a, b) = (with("张三"), with("欧阳明"));
        assert!(alike(&a, &b) > 0.7, "{}", alike(&a, &b));
        let (a, b) = (Shingles::of(&a).unwrap().bands(), Shingles::of(&b).unwrap().bands());
        assert!(a.iter().any(|band| b.contains(band)));
    }

    #[test]
    fn space_width_and_marks_make_no_difference() {
        let (a, b) = ("建议周末延长开放到晚上9点，方便大家！", "建议 周末延长 开放到晚上９点。方便大家");
        assert_eq!(Shingles::of(a), Shingles::of(b));
        assert_eq!(Shingles::of(a).unwrap().bands(), Shingles::of(b).unwrap().bands());
    }

    #[test]
    fn other_words_on_the_same_matter_are_not_alike() {
        let a = "建议周末延长开放到晚上九点，方便上班的人锻炼。";
        let b = "游泳池的水质应当每天公布检测结果，让家长放心。";
        assert!(alike(a, b) < 0.1);
        assert_eq!(Shingles::of("同意第八条"), None);
    }
}
