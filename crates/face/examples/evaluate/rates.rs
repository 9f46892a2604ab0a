//! Error rates of a comparison (ISO/IEC 19795-1): what share of genuine and impostor attempts goes wrong at a threshold.

use serde_json::{Value, json};

/// Scores of genuine and impostor attempts, each rising.
pub(crate) struct Scores {
    pub(crate) genuine: Vec<f32>,
    pub(crate) impostor: Vec<f32>,
}

impl Scores {
    /// Sorts.
    pub(crate) fn new(mut genuine: Vec<f32>, mut impostor: Vec<f32>) -> Self {
        genuine.sort_by(f32::total_cmp);
        impostor.sort_by(f32::total_cmp);
        Self { genuine, impostor }
    }

    /// Part of the genuine attempts below `t`.
    pub(crate) fn fnmr(&self, t: f32) -> f64 {
        part(below(&self.genuine, t), self.genuine.len())
    }

    /// Part of the impostor attempts at or above `t`.
    pub(crate) fn fmr(&self, t: f32) -> f64 {
        part(self.impostor.len() - below(&self.impostor, t), self.impostor.len())
    }

    /// Lowest threshold whose false match rate is at most `goal`. With fewer than 1 ÷ `goal` impostors that is just above
    /// the highest of them.
    pub(crate) fn threshold_at(&self, goal: f64) -> f32 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a part of a list's length"
        )]
        let allowed = (goal * number(self.impostor.len())) as usize;
        let highest_refused =
            self.impostor.len().checked_sub(allowed + 1).map(|at| self.impostor[at]);
        highest_refused.map_or(-1.0, f32::next_up)
    }

    /// Equal error rate and its threshold.
    pub(crate) fn eer(&self) -> (f64, f32) {
        let crossing = self.impostor.iter().copied().find(|t| self.fmr(*t) <= self.fnmr(*t));
        let t = crossing.or(self.impostor.last().copied().map(f32::next_up)).unwrap_or(0.0);
        (f64::midpoint(self.fmr(t), self.fnmr(t)), t)
    }

    /// False non-match rate at a false match rate: value, threshold, interval; `resolved` says whether there are enough
    /// impostors to see such a rate at all.
    pub(crate) fn at(&self, goal: f64) -> Value {
        let t = self.threshold_at(goal);
        let missed = below(&self.genuine, t);
        json!({
            "value": part(missed, self.genuine.len()),
            "threshold": t,
            "ci95": wilson(missed, self.genuine.len()),
            "resolved": goal * number(self.impostor.len()) >= 1.0,
        })
    }
}

/// Mean accuracy of ten folds: the best threshold of nine judges the tenth (the usual protocol of pair lists).
pub(crate) fn accuracy_10fold(scores: &[(f32, bool)]) -> f64 {
    let fold_of = |same: bool| {
        let total = scores.iter().filter(|score| score.1 == same).count().max(1);
        let kind = scores.iter().enumerate().filter(move |(_, score)| score.1 == same);
        kind.enumerate().map(move |(rank, (at, _))| (at, rank * 10 / total)).collect::<Vec<_>>()
    };
    let mut fold = vec![0; scores.len()];
    for (at, number) in fold_of(true).into_iter().chain(fold_of(false)) {
        fold[at] = number;
    }
    let (mut sum, mut used) = (0.0, 0.0);
    for out in 0..10 {
        let chosen = |inside: bool| {
            let parts = scores.iter().zip(&fold).filter(move |(_, fold)| (**fold == out) == inside);
            parts.map(|(score, _)| *score).collect::<Vec<_>>()
        };
        let (test, train) = (chosen(true), chosen(false));
        if test.is_empty() || train.is_empty() {
            continue;
        }
        let t = best_threshold(train);
        let right = test.iter().filter(|(score, same)| (*score >= t) == *same).count();
        sum += part(right, test.len());
        used += 1.0;
    }
    if used > 0.0 { sum / used } else { 0.0 }
}

fn best_threshold(mut scores: Vec<(f32, bool)>) -> f32 {
    scores.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Everything at or above the threshold counts as the same person: start below all, then raise it past one after the other.
    let mut right = i64::try_from(scores.iter().filter(|score| score.1).count()).unwrap_or(0);
    let (mut best, mut threshold) = (right, -1.0);
    for (at, (score, same)) in scores.iter().enumerate() {
        right += if *same { -1 } else { 1 };
        if right > best {
            best = right;
            threshold =
                scores.get(at + 1).map_or(score.next_up(), |next| f32::midpoint(*score, next.0));
        }
    }
    threshold
}

/// 95 % interval of a proportion (Wilson's score interval), each end 0..=1.
pub(crate) fn wilson(hits: usize, total: usize) -> [f64; 2] {
    if total == 0 {
        return [0.0, 1.0];
    }
    let (p, n, z) = (part(hits, total), number(total), 1.959_964);
    let centre = p + z * z / (2.0 * n);
    let spread = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    [centre - spread, centre + spread].map(|end| (end / (1.0 + z * z / n)).clamp(0.0, 1.0))
}

/// `hits ÷ total`, 0 for nothing.
pub(crate) fn part(hits: usize, total: usize) -> f64 {
    if total == 0 { 0.0 } else { number(hits) / number(total) }
}

fn below(rising: &[f32], t: f32) -> usize {
    rising.partition_point(|score| *score < t)
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2⁵²")]
pub(crate) fn number(value: usize) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores() -> Scores {
        Scores::new(vec![0.9, 0.3, 0.8, 0.7], (0..100_u8).map(|n| f32::from(n) / 200.0).collect())
    }

    #[test]
    fn rates_at_a_threshold() {
        let scores = scores();
        assert!((scores.fnmr(0.5) - 0.25).abs() < 1e-9 && scores.fmr(0.5) < 1e-9);
        let t = scores.threshold_at(0.1);
        assert!(scores.fmr(t) <= 0.1 && scores.fmr(t - 0.01) > 0.1, "{t}");
        assert!(scores.fmr(scores.threshold_at(1e-4)) < 1e-9, "above every impostor");
        assert!(scores.eer().0 > 0.2 && scores.eer().0 < 0.4);
    }

    #[test]
    fn intervals_hold_the_proportion() {
        let [low, high] = wilson(5, 100);
        assert!((low - 0.0215).abs() < 1e-3 && (high - 0.1118).abs() < 1e-3);
        assert!(wilson(0, 50)[0].abs() < 1e-12 && wilson(0, 50)[1] > 0.05);
    }

    #[test]
    fn separable_scores_are_all_right() {
        let list: Vec<(f32, bool)> = (0..40_u8).map(|n| (f32::from(n) / 40.0, n >= 20)).collect();
        assert!((accuracy_10fold(&list) - 1.0).abs() < 1e-9);
        assert!((accuracy_10fold(&[(0.5, true)])).abs() < 1e-9, "one pair cannot be split");
    }
}
