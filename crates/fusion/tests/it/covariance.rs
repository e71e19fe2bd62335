//! Covariance intersection claims no more than is known, whatever the two estimates share.

use proptest::prelude::*;
use renkei_fusion::{Belief, intersect};

use crate::support::Dice;

type Matrix<const N: usize> = [[f64; N]; N];

/// A way to make one estimate of two.
type Fuse<const N: usize> = fn(&Belief<N>, &Belief<N>) -> Option<Belief<N>>;

/// The bug that is planted: as if the two had nothing in common.
pub(crate) fn as_if_independent(a: &Belief<2>, b: &Belief<2>) -> Option<Belief<2>> {
    let invert = |m: &Matrix<2>| {
        let d = m[0][0] * m[1][1] - m[0][1] * m[1][0];
        [[m[1][1] / d, -m[0][1] / d], [-m[1][0] / d, m[0][0] / d]]
    };
    let (ia, ib) = (invert(&a.covariance), invert(&b.covariance));
    let sum: Matrix<2> = std::array::from_fn(|i| std::array::from_fn(|j| ia[i][j] + ib[i][j]));
    let covariance = invert(&sum);
    let vector: [f64; 2] =
        std::array::from_fn(|i| (0..2).map(|j| ia[i][j] * a.mean[j] + ib[i][j] * b.mean[j]).sum());
    let mean = std::array::from_fn(|i| (0..2).map(|j| covariance[i][j] * vector[j]).sum());
    Some(Belief { mean, covariance })
}

fn product<const N: usize>(l: &Matrix<N>) -> Matrix<N> {
    std::array::from_fn(|i| std::array::from_fn(|j| (0..N).map(|k| l[i][k] * l[j][k]).sum()))
}

/// A covariance with axes from 1 to 100, and the root it was made of.
fn root<const N: usize>() -> impl Strategy<Value = Matrix<N>> {
    let row = prop::array::uniform::<_, N>(-50.0..50.0);
    (prop::array::uniform::<_, N>(row), prop::array::uniform::<_, N>(1.0..100.0)).prop_map(
        |(lower, diagonal)| {
            std::array::from_fn(|i| {
                std::array::from_fn(|j| match i.cmp(&j) {
                    std::cmp::Ordering::Greater => lower[i][j],
                    std::cmp::Ordering::Equal => diagonal[i],
                    std::cmp::Ordering::Less => 0.0,
                })
            })
        },
    )
}

/// The mean of `xᵀ P⁻¹ x / 2` over many errors x of the fused estimate, where `shared` (0 to 1) of
/// both errors' variance is one and the same. 1 is honest, more claims too much.
fn nees(fuse: Fuse<2>, roots: &[Matrix<2>; 2], shared: f64, seed: u64) -> f64 {
    let mut dice = Dice(seed);
    const RUNS: u32 = 4_000;
    let mut sum = 0.0;
    for _ in 0..RUNS {
        let common: [f64; 2] = std::array::from_fn(|_| dice.normal());
        let beliefs = roots.map(|l| {
            let z: [f64; 2] = std::array::from_fn(|i| {
                shared.sqrt() * common[i] + (1.0 - shared).sqrt() * dice.normal()
            });
            let mean = std::array::from_fn(|i| (0..2).map(|j| l[i][j] * z[j]).sum());
            Belief { mean, covariance: product(&l) }
        });
        let Belief { mean: [x, y], covariance: p } = fuse(&beliefs[0], &beliefs[1]).unwrap();
        let d = p[0][0] * p[1][1] - p[0][1] * p[1][0];
        sum += (x * x * p[1][1] - 2.0 * x * y * p[0][1] + y * y * p[0][0]) / d / 2.0;
    }
    sum / f64::from(RUNS)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn it_never_claims_more_than_is_known_whatever_is_shared(
        a in root::<2>(), b in root::<2>(), shared in 0.0..=1.0, seed in any::<u64>(),
    ) {
        let nees = nees(intersect::<2>, &[a, b], shared, seed);
        prop_assert!(nees <= 1.1, "{}", nees);
    }

    #[test]
    fn it_is_no_worse_than_the_better_of_the_two(a in root::<4>(), b in root::<4>()) {
        let belief = |l: &Matrix<4>| Belief { mean: [0.0; 4], covariance: product(l) };
        let volume = |l: &Matrix<4>| (0..4).map(|i| l[i][i] * l[i][i]).product::<f64>();
        let fused = intersect(&belief(&a), &belief(&b)).unwrap();
        let det = determinant(&fused.covariance);
        prop_assert!(det <= volume(&a).min(volume(&b)) * 1.000_1, "{} {}", det, volume(&a));
    }

    #[test]
    fn any_numbers_give_an_estimate_or_none(
        numbers in prop::array::uniform32(prop_oneof![
            -1e3..1e3, Just(0.0), Just(f64::NAN), Just(f64::INFINITY), Just(1e308), Just(1e-308)
        ]),
    ) {
        let belief = |from: usize| Belief::<2> {
            mean: [numbers[from], numbers[from + 1]],
            covariance: [[numbers[from + 2], numbers[from + 3]], [numbers[from + 4], numbers[from + 5]]],
        };
        if let Some(fused) = intersect(&belief(0), &belief(6)) {
            prop_assert!(fused.covariance.iter().flatten().all(|v| v.is_finite()), "{:?}", fused);
        }
    }
}

fn determinant(matrix: &Matrix<4>) -> f64 {
    let mut rows = *matrix;
    let mut product = 1.0;
    for i in 0..4 {
        let pivot = rows[i];
        product *= pivot[i];
        for row in &mut rows[i + 1..] {
            let factor = row[i] / pivot[i];
            for (value, above) in row.iter_mut().zip(&pivot) {
                *value -= factor * above;
            }
        }
    }
    product
}

const ROUND: Matrix<2> = [[30.0, 0.0], [0.0, 30.0]];

#[test]
fn fusing_as_if_independent_is_caught() {
    let shared = nees(as_if_independent, &[ROUND, ROUND], 1.0, 1);
    assert!(shared > 1.8, "{shared}");
    assert!((nees(as_if_independent, &[ROUND, ROUND], 0.0, 1) - 1.0).abs() < 0.1);
}

#[test]
fn an_estimate_fused_with_itself_is_itself() {
    let a = Belief { mean: [3.0, 4.0], covariance: product(&[[30.0, 0.0], [7.0, 20.0]]) };
    let fused = intersect(&a, &a).unwrap();
    for i in 0..2 {
        assert!((fused.mean[i] - a.mean[i]).abs() < 1e-6);
        assert!((fused.covariance[i][i] - a.covariance[i][i]).abs() < 1e-6);
    }
}

#[test]
fn two_bearings_that_cross_are_sharper_together() {
    let along = Belief { mean: [0.0, 10.0], covariance: [[1.0, 0.0], [0.0, 1e4]] };
    let across = Belief { mean: [10.0, 0.0], covariance: [[1e4, 0.0], [0.0, 1.0]] };
    let fused = intersect(&along, &across).unwrap();
    assert!(fused.mean.iter().all(|m| m.abs() < 0.01), "{fused:?}");
    assert!(fused.covariance[0][0] < 2.01 && fused.covariance[1][1] < 2.01, "{fused:?}");
}

#[test]
fn what_is_no_covariance_is_refused() {
    let good = Belief { mean: [0.0; 2], covariance: [[1.0, 0.0], [0.0, 1.0]] };
    for covariance in [[[0.0; 2]; 2], [[1.0, 2.0], [2.0, 1.0]], [[f64::NAN, 0.0], [0.0, 1.0]]] {
        assert_eq!(intersect(&good, &Belief { covariance, ..good }), None);
    }
}
