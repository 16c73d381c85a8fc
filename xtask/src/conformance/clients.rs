//! Sessions of other people's IB clients: each in an environment of its own, each against a server of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;

use super::server::Server;
use crate::release::{CLIENT_SESSION, Release, TEXT_ERA_SAMPLES};
use crate::shell::{self, Transcript};
use crate::workspace::Workspace;
use crate::{python, tables};

const FOLDER: &str = "crates/adapters/fake-tws/clients";

#[derive(Args)]
pub(crate) struct Options {
    /// Runs only this client.
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// The Python that the environments are made with; 3.10 or newer.
    #[arg(long, default_value = "python3", value_name = "PROGRAM")]
    python: String,
}

impl Options {
    /// Every client, with the Python that the machine has.
    pub(crate) fn all() -> Self {
        Self { only: None, python: "python3".to_owned() }
    }
}

/// A client, and how its session is run.
struct Client {
    name: &'static str,
    session: Session,
}

enum Session {
    /// A script of the folder, with what stands between it and the address.
    Python(&'static str, &'static [&'static str]),
    /// An example of the crate that knows the Rust client.
    Rust,
    /// An example that has the Python client of this name send the broker's samples to a server of its own.
    Samples(&'static str),
}

const CLIENTS: &[Client] = &[
    Client { name: "ib_async", session: Session::Python("session_async.py", &["ib_async"]) },
    Client { name: "ib_insync", session: Session::Python("session_async.py", &["ib_insync"]) },
    Client { name: "ibapi", session: Session::Python("session_official.py", &[]) },
    Client { name: "nautilus-ibapi", session: Session::Python("session_official.py", &[]) },
    Client { name: "rust-ibapi", session: Session::Rust },
    Client { name: "samples", session: Session::Samples("ib_async") },
];

/// Runs the sessions, counts their checks, and fails when one of them did or had none.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    prepare(workspace, options)?.play()
}

/// Everything that sessions need is built and installed: none waits for a compiler or a network.
pub(crate) fn prepare<'a>(workspace: &'a Workspace, options: &Options) -> Result<Sessions<'a>> {
    let chosen: Vec<&Client> =
        CLIENTS.iter().filter(|it| options.only.as_deref().is_none_or(|only| only == it.name)).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = CLIENTS.iter().map(|it| it.name).collect();
        bail!("no such client; there are {}", names.join(", "));
    }
    let release = Release::build(workspace)?;
    let mut ready = Vec::new();
    for client in chosen {
        let inside = client.library().map(|library| environment(workspace, library, &options.python));
        ready.push((client, inside.transpose()?));
    }
    Ok(Sessions { workspace, release, ready })
}

/// Sessions that may begin, with the Python of each that has one.
pub(crate) struct Sessions<'a> {
    workspace: &'a Workspace,
    release: Release,
    ready: Vec<(&'static Client, Option<PathBuf>)>,
}

impl Sessions<'_> {
    /// Runs them all at once, and tells of each.
    pub(crate) fn play(self) -> Result<()> {
        let program = self.release.program();
        let folder = self.workspace.root.join(FOLDER);
        let mut running = Vec::new();
        for (place, (client, python)) in self.ready.into_iter().enumerate() {
            let server = Server::start(&program, place + 1)?;
            let command = client.command(&self.release, &folder, python.as_deref(), server.port());
            running.push(Running::start(client.name, server, command));
        }
        let mut rows = Vec::new();
        let mut failed = Vec::new();
        for session in running {
            let (name, checks, passed) = session.end()?;
            if !passed {
                failed.push(name);
            }
            let checks = checks.map_or_else(|| "none".to_owned(), |it| it.to_string());
            rows.push(vec![name.to_owned(), checks, if passed { "passed" } else { "FAILED" }.to_owned()]);
        }
        println!("\n{}", tables::markdown(&["client", "checks", "verdict"], &rows));
        if failed.is_empty() { Ok(()) } else { bail!("sessions failed: {}", failed.join(", ")) }
    }
}

/// A session under way: sessions mostly wait for their market, so all run at once.
struct Running {
    name: &'static str,
    session: JoinHandle<Result<Transcript>>,
}

impl Running {
    fn start(name: &'static str, server: Server, mut command: Command) -> Self {
        // The server lives as long as its client.
        let session = thread::spawn(move || {
            let told = shell::overhear(&mut command);
            drop(server);
            told
        });
        Self { name, session }
    }

    /// Its name, how many checks it made, and whether all of them passed.
    fn end(self) -> Result<(&'static str, Option<u32>, bool)> {
        let told = self.session.join().map_err(|_| anyhow!("the session of {} panicked", self.name))??;
        println!("\n== {}\n{}", self.name, told.text.trim_end());
        let checks = count(&told.text);
        Ok((self.name, checks, told.success && checks.is_some_and(|it| it > 0)))
    }
}

impl Client {
    /// Which Python library it needs.
    const fn library(&self) -> Option<&'static str> {
        match self.session {
            Session::Python(..) => Some(self.name),
            Session::Samples(library) => Some(library),
            Session::Rust => None,
        }
    }

    fn command(&self, release: &Release, folder: &Path, python: Option<&Path>, port: u16) -> Command {
        let python = python.unwrap_or(Path::new("python3"));
        match self.session {
            Session::Python(script, arguments) => {
                let mut command = Command::new(python);
                command.arg("-B").arg(folder.join(script)).args(arguments);
                command.arg("127.0.0.1").arg(port.to_string());
                command
            }
            Session::Rust => {
                let mut command = Command::new(release.example(CLIENT_SESSION));
                command.arg(format!("127.0.0.1:{port}"));
                command
            }
            Session::Samples(_) => {
                let mut command = Command::new(release.example(TEXT_ERA_SAMPLES));
                command.arg(python).arg(folder.join("send_samples.py"));
                command
            }
        }
    }
}

/// The Python that has a client.
fn environment(workspace: &Workspace, client: &str, python: &str) -> Result<PathBuf> {
    let home: PathBuf = workspace.target.join("clients").join(client);
    let pins = workspace.root.join(FOLDER).join("requirements").join(format!("{client}.txt"));
    python::environment(&home, &pins, python)
        .with_context(|| format!("the environment of {client} could not be made"))
}

/// How many checks a session says it made: in its last line that counts them.
fn count(text: &str) -> Option<u32> {
    let line = text.lines().rev().find(|line| line.contains(" checks, "))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_that_of_the_last_line() {
        assert_eq!(count("ok   connects\n58 checks, 0 failed\n"), Some(58));
        assert_eq!(count("Traceback …"), None);
    }

    #[test]
    fn every_python_client_has_its_pins() {
        let workspace = Workspace::load().unwrap();
        for client in CLIENTS {
            let pins = workspace.root.join(FOLDER).join(format!("requirements/{}.txt", client.name));
            assert_eq!(pins.exists(), matches!(client.session, Session::Python(..)), "{}", client.name);
        }
    }
}
