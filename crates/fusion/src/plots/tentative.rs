//! Beginnings: plots that may become a track, and mostly are nothing. Bounded in number and time.

use std::collections::BTreeMap;

use renkei_model::label::Label;
use renkei_model::observation::{Domain, Source};
use renkei_model::plot::Plot;
use renkei_model::time::Timestamp;
use renkei_model::track::{Contribution, TrackNumber};

use crate::config::DomainConfig;
use crate::grid::{Cell, Grid};
use crate::kalman::{Filter, Measured};

use super::{HITS_TO_CONFIRM, SWEEPS_TO_CONFIRM, Sensor};

/// No more beginnings than this; further plots begin nothing and are counted.
const TENTATIVE_MAX: usize = 20_000;

/// Something that was seen once or twice.
#[derive(Clone, Debug)]
pub(crate) struct Tentative {
    pub(crate) filter: Filter,
    pub(crate) domain: Domain,
    pub(crate) sources: BTreeMap<Source, Contribution>,
    pub(crate) label: Label,
    pub(crate) first_seen: Timestamp,
    hits: u32,
    until: Timestamp,
    cell: Option<Cell>,
}

impl Tentative {
    /// Takes in a further plot.
    pub(crate) fn take(&mut self, plot: &Plot, measured: &Measured, config: &DomainConfig) {
        self.filter.take(measured, config);
        self.hits += 1;
        self.credit(plot, measured.at);
    }

    /// Whether it was seen often enough to be something.
    pub(crate) fn is_confirmed(&self) -> bool {
        self.hits >= HITS_TO_CONFIRM
    }

    fn credit(&mut self, plot: &Plot, at: Timestamp) {
        let first = || Contribution { last: at, reports: 0, label: plot.label.clone() };
        let known = self.sources.entry(plot.source.clone()).or_insert_with(first);
        known.last = known.last.max(at);
        known.reports += 1;
        self.label = self.label.meet(&plot.label);
    }
}

/// All beginnings, and where they are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tentatives {
    list: BTreeMap<TrackNumber, Box<Tentative>>,
    grid: Grid,
    last: u32,
}

impl Tentatives {
    /// Begins something; false when there is no room.
    pub(crate) fn begin(
        &mut self,
        plot: &Plot,
        measured: &Measured,
        sensor: &Sensor,
        config: &DomainConfig,
    ) -> bool {
        if self.list.len() >= TENTATIVE_MAX {
            return false;
        }
        self.last = self.last.wrapping_add(1);
        let number = TrackNumber(self.last);
        let window_ms = SWEEPS_TO_CONFIRM * sensor.period_ms - sensor.period_ms / 2;
        let mut tentative = Box::new(Tentative {
            filter: Filter::new(measured, config),
            domain: sensor.domain,
            sources: BTreeMap::new(),
            label: plot.label.clone(),
            first_seen: plot.received_at,
            hits: 1,
            until: measured.at.plus_ms(window_ms),
            cell: Some(self.grid.place(number, None, measured.position)),
        });
        tentative.credit(plot, measured.at);
        self.list.insert(number, tentative);
        true
    }

    /// Where they are.
    pub(crate) fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The one of that number.
    pub(crate) fn get(&self, number: TrackNumber) -> Option<&Tentative> {
        self.list.get(&number).map(Box::as_ref)
    }

    /// The one of that number takes in `plot`; it is given back, and no longer here, once confirmed.
    pub(crate) fn take(
        &mut self,
        number: TrackNumber,
        plot: &Plot,
        measured: &Measured,
        config: &DomainConfig,
    ) -> Option<Box<Tentative>> {
        let tentative = self.list.get_mut(&number)?;
        tentative.take(plot, measured, config);
        if tentative.is_confirmed() {
            return self.remove(number);
        }
        let position = tentative.filter.position();
        tentative.cell = Some(self.grid.place(number, tentative.cell, position));
        None
    }

    /// Forgets what was not seen again in time.
    pub(crate) fn expire(&mut self, now: Timestamp) {
        let over = self.list.iter().filter(|(_, tentative)| now > tentative.until);
        let over: Vec<TrackNumber> = over.map(|(number, _)| *number).collect();
        for number in over {
            self.remove(number);
        }
    }

    fn remove(&mut self, number: TrackNumber) -> Option<Box<Tentative>> {
        let tentative = self.list.remove(&number)?;
        self.grid.remove(number, tentative.cell);
        Some(tentative)
    }
}
