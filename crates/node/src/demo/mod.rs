//! `renkei demo`: two nodes on loopback, linked, in an exercise, with a simulated world and a story.

mod cast;
mod client;
mod feeder;
mod flip;
mod nodes;
mod stage;
mod story;
mod wire;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use renkei_model::id::Nation;
use tokio::sync::mpsc;

use crate::cli::End;
use crate::http;
use nodes::Ports;

/// Two nodes on loopback, linked, in an exercise, with a story that tells itself.
#[derive(clap::Args, Debug)]
pub(crate) struct Demo {
    /// Seed of the simulated world: the same seed gives the same world
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Port of the stage; the nodes use the ports above it, up to 16 more
    #[arg(long, default_value_t = 8600)]
    port: u16,
    /// Keep the demo's data here (DIR/jpn, DIR/usa); without it they go with the demo
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Do not tell the story, only run the nodes and the world
    #[arg(long)]
    no_story: bool,
}

/// The demo's data: kept where asked, else gone with the demo.
struct Home {
    path: PathBuf,
    temporary: bool,
}

impl Home {
    fn new(arguments: &Demo) -> Result<Self, End> {
        let temporary = arguments.dir.is_none();
        let path = arguments.dir.clone().unwrap_or_else(|| {
            std::env::temp_dir().join(format!(
                "renkei-demo-{}-{}",
                arguments.port,
                std::process::id()
            ))
        });
        std::fs::create_dir_all(&path).map_err(|e| {
            End::Wrong(format!("make `{}`: {e}; choose another --dir", path.display()))
        })?;
        Ok(Self { path, temporary })
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if self.temporary {
            // Only the system's temporary directory is left behind if this fails.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// Runs the demo until Ctrl-C.
///
/// # Errors
/// [`End::Wrong`] when a port is taken or a file cannot be written.
pub(crate) fn run(arguments: &Demo) -> Result<(), End> {
    if arguments.port > u16::MAX - 32 {
        return Err(End::Wrong(format!("use port {}: choose one below 65504", arguments.port)));
    }
    if !http::has_ui() {
        eprintln!("renkei: this binary holds no watch floor; `cargo xtask demo` builds both");
    }
    crate::cli::runtime()?.block_on(demo(arguments))
}

async fn demo(arguments: &Demo) -> Result<(), End> {
    let started = Instant::now();
    let ports = Ports(arguments.port);
    let listener = http::bind(ports.stage()).await.map_err(|e| second_run(&e, ports))?;
    for offset in 1..17 {
        drop(http::bind(ports.at(offset)).await.map_err(|e| second_run(&e, ports))?);
    }
    let home = Home::new(arguments)?;
    nodes::make(&home.path, ports)?;
    let wire = wire::Wire::lay(ports.wire(), ports.border()).await?;
    let show = Arc::new(story::Show::new(wire));
    let stage = stage::Stage { dir: home.path.clone(), ports, show: show.clone() };
    let (cues, ear) = mpsc::channel(8);
    tokio::spawn(feeder::play(arguments.seed, ports, ear));
    let stage_served = http::serve(listener, stage::router(stage), None);
    let jpn = nodes::supervise(home.path.clone(), Nation::JPN);
    let usa = nodes::supervise(home.path.clone(), Nation::USA);
    let floors = [ports.floor(Nation::JPN), ports.floor(Nation::USA)];
    let player = story::Player {
        dir: home.path.clone(),
        floors,
        cues,
        receiver: ports.feed("jpn-ais").unwrap_or(ports.stage()),
    };
    let tell = async {
        announce(ports, floors, started, &home).await;
        if arguments.no_story {
            std::future::pending::<()>().await;
        }
        story::tell(show, player).await;
    };
    tokio::select! {
        served = stage_served => served?,
        ended = jpn => ended?,
        ended = usa => ended?,
        () = tell => {}
        () = crate::serve::told_to_stop() => eprintln!("renkei demo: stopped"),
    }
    Ok(())
}

fn second_run(error: &http::ServeError, ports: Ports) -> End {
    let stage = ports.stage().port();
    End::Wrong(format!(
        "{error}; if a demo runs already, open http://renkei.localhost:{stage}, else use --port"
    ))
}

/// Says the one address once both floors answer.
async fn announce(ports: Ports, floors: [std::net::SocketAddr; 2], started: Instant, home: &Home) {
    for floor in floors {
        while client::health(floor).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    println!("{}", nodes::stage_url(ports));
    eprintln!(
        "both headquarters serve after {:.1} s; open the address above, stop with Ctrl-C",
        started.elapsed().as_secs_f64()
    );
    eprintln!("data and logs: {}", home.path.display());
}
