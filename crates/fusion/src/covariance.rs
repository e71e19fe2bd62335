//! Covariance intersection: two estimates of one thing whose errors may be shared in any measure.
//!
//! A partner's track and ours may rest on the same reports. To weigh them as independent claims more
//! than is known. Covariance intersection (Julier & Uhlmann, "A non-divergent estimation algorithm in
//! the presence of unknown correlations", ACC 1997) gives
//! `P⁻¹ = ω A⁻¹ + (1 − ω) B⁻¹`, `x = P (ω A⁻¹ a + (1 − ω) B⁻¹ b)`, which claims no less error than
//! there is for every ω in [0, 1] and every correlation, as long as a and b claim no less themselves.
//! ω makes the determinant of P least.
//!
//! Refuses: covariances that are none. Nothing can be said of how sure their estimates are.

/// An estimate of `N` numbers with the covariance of its error: two for a place (east, north), four
/// for a place and a velocity (east, north, metres; east, north, metres a second).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Belief<const N: usize> {
    /// The believed numbers.
    pub mean: [f64; N],
    /// Symmetric, positive definite.
    pub covariance: [[f64; N]; N],
}

/// Steps of the search for ω; each narrows it by 0.618, so that it is known to 1e-6.
const STEPS: usize = 30;
/// A determinant less by this part is no smaller.
const FLAT: f64 = 1e-6;

/// The intersection of `a` and `b`, or `None` when either covariance is not positive definite.
#[must_use]
pub fn intersect<const N: usize>(a: &Belief<N>, b: &Belief<N>) -> Option<Belief<N>> {
    let (of_a, of_b) = (Known::of(a)?, Known::of(b)?);
    let volume = |weight: f64| {
        let mixed = of_a.mixed(&of_b, weight).information;
        Some(1.0 / inverse(&mixed)?.1)
    };
    let weight = least(volume)?;
    of_a.mixed(&of_b, weight).belief()
}

/// What an estimate knows: the inverse of its covariance, and that times its mean.
struct Known<const N: usize> {
    information: [[f64; N]; N],
    vector: [f64; N],
}

impl<const N: usize> Known<N> {
    fn of(belief: &Belief<N>) -> Option<Self> {
        let (information, _) = inverse(&belief.covariance)?;
        let vector = times(&information, &belief.mean);
        vector.iter().all(|value| value.is_finite()).then_some(Self { information, vector })
    }

    /// `weight` of this and the rest of `other`.
    fn mixed(&self, other: &Self, weight: f64) -> Self {
        let mix = |a: f64, b: f64| weight * a + (1.0 - weight) * b;
        let mut mixed = Self { information: self.information, vector: self.vector };
        for i in 0..N {
            mixed.vector[i] = mix(self.vector[i], other.vector[i]);
            for j in 0..N {
                mixed.information[i][j] = mix(self.information[i][j], other.information[i][j]);
            }
        }
        mixed
    }

    fn belief(&self) -> Option<Belief<N>> {
        let (covariance, _) = inverse(&self.information)?;
        Some(Belief { mean: times(&covariance, &self.vector), covariance })
    }
}

/// Where in [0, 1] `of` is least, by golden section: the determinant has one valley there. Where it
/// does not matter, the half: two estimates that err apart err less together, whatever is claimed.
fn least(of: impl Fn(f64) -> Option<f64>) -> Option<f64> {
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..STEPS {
        let width = golden * (high - low);
        let (left, right) = (high - width, low + width);
        if of(left)? <= of(right)? {
            high = right;
        } else {
            low = left;
        }
    }
    let mut best = (0.5, of(0.5)?);
    for weight in [f64::midpoint(low, high), 0.0, 1.0] {
        let value = of(weight)?;
        if value < best.1 * (1.0 - FLAT) {
            best = (weight, value);
        }
    }
    Some(best.0)
}

fn times<const N: usize>(matrix: &[[f64; N]; N], vector: &[f64; N]) -> [f64; N] {
    std::array::from_fn(|i| matrix[i].iter().zip(vector).map(|(m, v)| m * v).sum())
}

/// The inverse of a symmetric matrix and its determinant, by Cholesky's L Lᵀ; `None` when it is not
/// positive definite.
fn inverse<const N: usize>(matrix: &[[f64; N]; N]) -> Option<([[f64; N]; N], f64)> {
    let mut lower = [[0.0; N]; N];
    let mut determinant = 1.0;
    for i in 0..N {
        for j in 0..=i {
            let done: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            let rest = f64::midpoint(matrix[i][j], matrix[j][i]) - done;
            if i == j {
                if !(rest > 0.0 && rest.is_finite()) {
                    return None;
                }
                lower[i][i] = rest.sqrt();
                determinant *= rest;
            } else {
                lower[i][j] = rest / lower[j][j];
            }
        }
    }
    // Symmetric: the solution for each unit vector is a row as well as a column.
    let inverse: [[f64; N]; N] = std::array::from_fn(|unit| {
        let mut solved = [0.0; N];
        for i in 0..N {
            let right = if i == unit { 1.0 } else { 0.0 };
            let done: f64 = (0..i).map(|k| lower[i][k] * solved[k]).sum();
            solved[i] = (right - done) / lower[i][i];
        }
        for i in (0..N).rev() {
            let done: f64 = (i + 1..N).map(|k| lower[k][i] * solved[k]).sum();
            solved[i] = (solved[i] - done) / lower[i][i];
        }
        solved
    });
    let is_finite = inverse.iter().flatten().all(|value| value.is_finite());
    (is_finite && determinant > 0.0).then_some((inverse, determinant))
}
