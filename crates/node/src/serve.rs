//! A running node: opens its data, starts its tasks, and stops them in order.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::sync::mpsc;

use crate::access::Access;
use crate::cli::End;
use crate::config::Config;
use crate::engine::{Engine, Parts};
use crate::layers::Layers;
use crate::messages::{ENGINE_QUEUE, ToEngine};
use crate::retention::Retention;
use crate::{border, clock, feeds, http, keeper, keys, labels, published};

/// Messages that may wait for one border's socket.
const BORDER_QUEUE: usize = 32;

/// Runs a node until Ctrl-C or SIGTERM.
///
/// # Errors
/// [`End::Wrong`] when the data or an address cannot be used.
pub(crate) async fn serve(config: Config) -> Result<(), End> {
    let floor = http::bind(config.http).await?;
    let node_keys = keys::load(&config.dir, &config.partition)?;
    let (keeper, found) = keeper::open(
        &config.dir,
        config.nation,
        &config.name,
        &config.partition,
        node_keys.signing.clone(),
        &Retention::of(&config),
    )?;
    clock::run(config.clock_speed, found.entries.iter().map(|entry| entry.time).max());
    let (to_engine, inbox) = mpsc::channel::<ToEngine>(ENGINE_QUEUE);
    let (publisher, published) = published::channel();
    let borders = border::prepare(&config, &node_keys).await?;
    let (mut sockets, mut from_engine) = (BTreeMap::new(), BTreeMap::new());
    for prepared in &borders.prepared {
        let (to_border, inbox) = mpsc::channel(BORDER_QUEUE);
        sockets.insert(prepared.partner, to_border);
        from_engine.insert(prepared.partner, inbox);
    }
    let access = Arc::new(Mutex::new(Access::open(&config.dir)?));
    let (keeper, keeper_thread) = keeper.start(to_engine.clone())?;
    let base = clock::now();
    let parts = Parts { keeper, publisher, sockets, base };
    let engine = Engine::restore(&config, &node_keys, &found, parts)?;
    let stop = to_engine.clone();
    let picture_to_tak = feeds::start(&config, to_engine.clone()).await?;
    for border in borders.open() {
        if let Some(inbox) = from_engine.remove(&border.partner) {
            tokio::spawn(border.run(to_engine.clone(), inbox));
        }
    }
    let policies = labels::load(&config.dir, config.nation, &config.partition)?;
    if policies.all.get(&policies.own).is_none_or(|own| own.is_example()) {
        tracing::warn!(
            policy = policies.own,
            "labels are shown in the words of an example; import your own with `renkei label import`"
        );
    }
    let router = http::router(http::Floor {
        nation: config.nation,
        name: config.name.clone(),
        partition: config.partition.clone(),
        partners: config.borders.iter().map(|b| b.partner).collect(),
        base,
        stage_origin: config.stage_origin.clone(),
        layers: Layers::of(&config.dir),
        markings: labels::view(&policies).to_string().into(),
        access,
        published,
        engine: to_engine,
        tls: config.http_tls.is_some(),
    });
    let tls = config.http_tls.as_ref().map(|tls| (tls, config.dir.as_path()));
    tracing::info!(nation = %config.nation, partition = %config.partition, http = %config.http, "serving");
    let mut running = std::pin::pin!(engine.run(inbox, picture_to_tak));
    let ended = tokio::select! {
        served = http::serve(floor, router, tls) => served.map_err(End::from),
        () = &mut running => Ok(()),
        () = told_to_stop() => {
            tracing::info!("stopping");
            // A full queue or a stopped engine changes nothing: it ends either way.
            let _ = stop.send(ToEngine::Stop).await;
            running.await;
            Ok(())
        }
    };
    ended?;
    // The engine is gone, and with it the last hand on the keeper: it seals the history, writes its
    // last checkpoint and ends. The keeper holds a way to the engine, so nobody waits for that.
    let _ = tokio::task::spawn_blocking(move || keeper_thread.join()).await;
    Ok(())
}

/// Ends when Ctrl-C or SIGTERM comes.
pub(crate) async fn told_to_stop() {
    let mut terminate =
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(signal) => signal,
            Err(_) => return std::future::pending().await,
        };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
