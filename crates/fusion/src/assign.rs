//! Who gets which plot: the assignment with the greatest total gain, each track and each plot used
//! at most once.
//!
//! Pairs that share neither track nor plot decide nothing for each other, so the problem falls into
//! small parts, nearly all of them a single pair. A part is solved exactly by the Hungarian method
//! (Kuhn 1955; shortest augmenting paths with potentials) as long as it is small enough for that to
//! be quick, and by taking the best pair first beyond.

use std::collections::BTreeMap;

/// More tracks than this in one part are not solved exactly: the time grows with the cube.
const EXACT_MAX: usize = 128;

/// A track that may have made a plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pair {
    /// Index of the track.
    pub(crate) track: usize,
    /// Index of the plot.
    pub(crate) plot: usize,
    /// How much likelier together than apart: positive, in nats.
    pub(crate) gain: f64,
}

/// The pairs that stand, by track and plot. Pairs without positive gain never do.
pub(crate) fn assign(mut pairs: Vec<Pair>, tracks: usize, plots: usize) -> Vec<(usize, usize)> {
    pairs.retain(|pair| pair.gain > 0.0 && pair.track < tracks && pair.plot < plots);
    let mut chosen = Vec::new();
    for part in parts(&pairs, tracks, plots) {
        match part[..] {
            [only] => chosen.push((only.track, only.plot)),
            _ => solve(&part, &mut chosen),
        }
    }
    chosen.sort_unstable();
    chosen
}

/// The connected parts, each with its pairs in their order.
fn parts(pairs: &[Pair], tracks: usize, plots: usize) -> Vec<Vec<Pair>> {
    let mut parent: Vec<usize> = (0..tracks + plots).collect();
    fn root(parent: &mut [usize], mut node: usize) -> usize {
        while parent[node] != node {
            parent[node] = parent[parent[node]];
            node = parent[node];
        }
        node
    }
    for pair in pairs {
        let (a, b) = (root(&mut parent, pair.track), root(&mut parent, tracks + pair.plot));
        parent[a.max(b)] = a.min(b);
    }
    let mut parts: BTreeMap<usize, Vec<Pair>> = BTreeMap::new();
    for pair in pairs {
        parts.entry(root(&mut parent, pair.track)).or_default().push(*pair);
    }
    parts.into_values().collect()
}

fn solve(part: &[Pair], chosen: &mut Vec<(usize, usize)>) {
    let mut tracks: Vec<usize> = part.iter().map(|pair| pair.track).collect();
    let mut plots: Vec<usize> = part.iter().map(|pair| pair.plot).collect();
    for list in [&mut tracks, &mut plots] {
        list.sort_unstable();
        list.dedup();
    }
    if tracks.len() > EXACT_MAX {
        return best_first(part, chosen);
    }
    // A column for each plot, then one for each track that says "none".
    let width = plots.len() + tracks.len();
    let mut costs = vec![vec![0.0; width]; tracks.len()];
    for row in &mut costs {
        row[..plots.len()].fill(1e9);
    }
    for pair in part {
        if let (Ok(t), Ok(p)) = (tracks.binary_search(&pair.track), plots.binary_search(&pair.plot))
        {
            costs[t][p] = -pair.gain;
        }
    }
    let columns = cheapest(&costs, width);
    let pair = |(row, column): (usize, usize)| Some((tracks[row], *plots.get(column)?));
    chosen.extend(columns.into_iter().enumerate().filter_map(pair));
}

fn best_first(part: &[Pair], chosen: &mut Vec<(usize, usize)>) {
    let mut sorted = part.to_vec();
    sorted
        .sort_by(|a, b| b.gain.total_cmp(&a.gain).then((a.track, a.plot).cmp(&(b.track, b.plot))));
    let (mut tracks, mut plots) = (BTreeMap::new(), BTreeMap::new());
    for pair in sorted {
        if !tracks.contains_key(&pair.track) && !plots.contains_key(&pair.plot) {
            tracks.insert(pair.track, ());
            plots.insert(pair.plot, ());
            chosen.push((pair.track, pair.plot));
        }
    }
}

/// For each row its column, each column used once, at the least total cost. `width` ≥ rows.
fn cheapest(costs: &[Vec<f64>], width: usize) -> Vec<usize> {
    let (mut of_row, mut of_column) = (vec![0.0; costs.len()], vec![0.0; width]);
    let mut holder: Vec<Option<usize>> = vec![None; width];
    for start in 0..costs.len() {
        let mut slack = vec![f64::INFINITY; width];
        let mut came_from: Vec<Option<usize>> = vec![None; width];
        let mut used = vec![false; width];
        let (mut row, mut at) = (start, None);
        // The shortest path from `start` to a free column.
        let end = loop {
            let mut next = (f64::INFINITY, 0);
            for column in (0..width).filter(|column| !used[*column]) {
                let reduced = costs[row][column] - of_row[row] - of_column[column];
                if reduced < slack[column] {
                    slack[column] = reduced;
                    came_from[column] = at;
                }
                if slack[column] < next.0 {
                    next = (slack[column], column);
                }
            }
            let (delta, column) = next;
            of_row[start] += delta;
            for other in 0..width {
                if used[other] {
                    of_column[other] -= delta;
                    if let Some(row) = holder[other] {
                        of_row[row] += delta;
                    }
                } else {
                    slack[other] -= delta;
                }
            }
            used[column] = true;
            match holder[column] {
                Some(taken_by) => (row, at) = (taken_by, Some(column)),
                None => break column,
            }
        };
        let mut column = end;
        while let Some(before) = came_from[column] {
            holder[column] = holder[before];
            column = before;
        }
        holder[column] = Some(start);
    }
    let mut columns = vec![width; costs.len()];
    for (column, row) in holder.into_iter().enumerate() {
        if let Some(row) = row {
            columns[row] = column;
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn total(pairs: &[Pair], chosen: &[(usize, usize)]) -> f64 {
        let gain = |(track, plot): &(usize, usize)| {
            let found = pairs.iter().find(|pair| (pair.track, pair.plot) == (*track, *plot));
            found.map_or(f64::NAN, |pair| pair.gain)
        };
        chosen.iter().map(gain).sum()
    }

    /// Tries everything.
    fn best(pairs: &[Pair], track: usize, tracks: usize, taken: u32) -> f64 {
        if track == tracks {
            return 0.0;
        }
        let mut most = best(pairs, track + 1, tracks, taken);
        for pair in pairs.iter().filter(|pair| pair.track == track && taken & 1 << pair.plot == 0) {
            let with = pair.gain + best(pairs, track + 1, tracks, taken | 1 << pair.plot);
            most = most.max(with);
        }
        most
    }

    fn pairs() -> impl Strategy<Value = Vec<Pair>> {
        let pair = (0..6usize, 0..6usize, 0.01..20.0);
        proptest::collection::vec(pair, 0..24).prop_map(|list| {
            let unique: BTreeMap<(usize, usize), f64> =
                list.into_iter().map(|(track, plot, gain)| ((track, plot), gain)).collect();
            unique.into_iter().map(|((track, plot), gain)| Pair { track, plot, gain }).collect()
        })
    }

    fn is_one_to_one(chosen: &[(usize, usize)]) -> bool {
        let mut plots: Vec<usize> = chosen.iter().map(|(_, plot)| *plot).collect();
        plots.sort_unstable();
        plots.windows(2).all(|two| two[0] != two[1])
            && chosen.windows(2).all(|two| two[0].0 != two[1].0)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..Default::default() })]

        #[test]
        fn nothing_gains_more_than_what_is_assigned(pairs in pairs()) {
            let chosen = assign(pairs.clone(), 6, 6);
            prop_assert!(is_one_to_one(&chosen), "{:?}", chosen);
            let (ours, most) = (total(&pairs, &chosen), best(&pairs, 0, 6, 0));
            prop_assert!((ours - most).abs() < 1e-6, "{} of {}", ours, most);
        }

        #[test]
        fn best_first_gives_each_plot_once_too(pairs in pairs()) {
            let mut chosen = Vec::new();
            best_first(&pairs, &mut chosen);
            chosen.sort_unstable();
            prop_assert!(is_one_to_one(&chosen), "{:?}", chosen);
        }
    }

    #[test]
    fn taking_the_best_pair_first_is_caught() {
        let pair = |track, plot, gain| Pair { track, plot, gain };
        let crossed = [pair(0, 0, 10.0), pair(0, 1, 9.0), pair(1, 0, 9.0)];
        let mut greedy = Vec::new();
        best_first(&crossed, &mut greedy);
        assert!(total(&crossed, &greedy) < best(&crossed, 0, 2, 0));
        assert_eq!(assign(crossed.to_vec(), 2, 2), [(0, 1), (1, 0)]);
    }

    #[test]
    fn a_crowd_that_is_too_large_to_solve_exactly_is_still_assigned() {
        let n = EXACT_MAX + 20;
        let crowd = (0..n).flat_map(|track| {
            (0..n).map(move |plot| Pair {
                track,
                plot,
                gain: if track == plot { 9.0 } else { 1.0 },
            })
        });
        let chosen = assign(crowd.collect(), n, n);
        assert!(chosen.len() == n && chosen.iter().all(|(track, plot)| track == plot));
    }
}
