//! Two nodes that exchange through the real border over a simulated network, each with a disk that
//! loses what was not synced at a crash. One seed decides everything: faults, delays, load.
//!
//! Shared by the tests and by `examples/border.rs`, which replays one seed.

mod disk;
mod engine;
mod faults;
mod material;
mod node;
mod oracle;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use self::faults::{Dice, Fault, Plan};
use self::oracle::{Oracle, Shared};
pub(crate) use self::oracle::{Trace, Variant, Violation};

/// Host names of the two nodes.
const HOSTS: [&str; 2] = ["jpn", "usa"];
/// One step of the simulation.
const STEP_MS: u64 = 10;
/// Both nodes have load and faults for this long.
const BUSY_MS: u64 = 30_000;
/// After the last fault both must have everything within this time: two idle time-outs, the longest
/// back-off, and the backlog.
const SETTLE_MS: u64 = 40_000;

/// Simulates seed `seed` with the nodes of `variant`. The same seed gives the same trace.
pub(crate) fn run(seed: u64, variant: Variant) -> Result<Trace, Violation> {
    let mut dice = Dice::new(seed);
    let plan = Plan::draw(&mut dice, BUSY_MS);
    let oracle = Rc::new(RefCell::new(Oracle::new(variant, &mut dice)));
    let mut sim = turmoil::Builder::new()
        .epoch(SystemTime::UNIX_EPOCH)
        .rng_seed(seed)
        .tick_duration(Duration::from_millis(STEP_MS))
        .simulation_duration(Duration::from_secs(3_600))
        .min_message_latency(Duration::from_millis(plan.latency_ms.0))
        .max_message_latency(Duration::from_millis(plan.latency_ms.1))
        .tcp_capacity(65_536)
        .build();
    for (index, host) in HOSTS.into_iter().enumerate() {
        let shared = oracle.clone();
        sim.host(host, move || node::run(index, shared.clone()));
    }
    let mut field = Field { sim, oracle: oracle.clone(), ends: Vec::new() };
    for (at, fault) in &plan.faults {
        field.run_until(*at)?;
        field.strike(*fault);
    }
    field.run_until(BUSY_MS)?;
    field.heal();
    let deadline = BUSY_MS + SETTLE_MS;
    while !oracle.borrow().is_settled() {
        let now = field.sim.elapsed().as_millis() as u64;
        if now > deadline {
            return Err(oracle.borrow().stuck());
        }
        field.run_until(now + STEP_MS)?;
    }
    let trace = oracle.borrow().trace.clone();
    Ok(trace)
}

/// The simulation and the faults that stand in it.
struct Field<'a> {
    sim: turmoil::Sim<'a>,
    oracle: Shared,
    /// When which fault ends.
    ends: Vec<(u64, Fault)>,
}

impl Field<'_> {
    fn run_until(&mut self, at: u64) -> Result<(), Violation> {
        loop {
            let now = self.sim.elapsed().as_millis() as u64;
            let (due, later): (Vec<_>, Vec<_>) =
                self.ends.drain(..).partition(|(end, _)| *end <= now);
            self.ends = later;
            for (_, fault) in due {
                self.end(fault);
            }
            if now >= at {
                return Ok(());
            }
            self.oracle.borrow_mut().now_ms = now;
            self.sim.step().map_err(|error| Violation::broken(&error.to_string()))?;
            if let Some(violation) = self.oracle.borrow().violation.clone() {
                return Err(violation);
            }
        }
    }

    fn strike(&mut self, fault: Fault) {
        let now = self.sim.elapsed().as_millis() as u64;
        if self.ends.iter().any(|(_, standing)| standing.excludes(fault)) {
            return;
        }
        self.oracle.borrow_mut().note(&format!("{fault:?}"));
        match fault {
            Fault::Cut { .. } => self.sim.partition(HOSTS[0], HOSTS[1]),
            Fault::OneWay { from, .. } => {
                self.sim.partition_oneway(HOSTS[from], HOSTS[1 - from]);
            }
            Fault::Fade { .. } => self.sim.hold(HOSTS[0], HOSTS[1]),
            Fault::Crash { node, .. } => {
                self.sim.crash(HOSTS[node]);
                self.oracle.borrow_mut().crashed(node);
            }
            Fault::DiskFull { node } => self.oracle.borrow_mut().disk_full[node] = true,
            Fault::ClockSet { node, by_ms } => self.oracle.borrow_mut().skew_ms[node] += by_ms,
        }
        self.ends.push((now + fault.lasts_ms(), fault));
    }

    fn end(&mut self, fault: Fault) {
        match fault {
            Fault::Cut { .. } => self.sim.repair(HOSTS[0], HOSTS[1]),
            Fault::OneWay { from, .. } => self.sim.repair_oneway(HOSTS[from], HOSTS[1 - from]),
            Fault::Fade { .. } => self.sim.release(HOSTS[0], HOSTS[1]),
            Fault::Crash { node, .. } => self.sim.bounce(HOSTS[node]),
            Fault::ClockSet { .. } | Fault::DiskFull { .. } => {}
        }
    }

    /// The busy time is over: every fault ends, and nothing new is made.
    fn heal(&mut self) {
        for (_, fault) in std::mem::take(&mut self.ends) {
            self.end(fault);
        }
        self.oracle.borrow_mut().quiet();
    }
}
