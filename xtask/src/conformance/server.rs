//! A TWS of ours in a process of its own, as a user would start it.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::shell;

/// It ends when this is dropped.
pub(super) struct Server {
    process: Child,
    port: u16,
}

impl Server {
    /// Starts it on a port that is free, with a market of its own.
    pub(super) fn start(program: &Path, seed: usize) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(["--json", "fake-tws", "--port", "0", "--seed"]).arg(seed.to_string());
        println!("$ {}", shell::spelled(&command));
        let mut process = command.stdout(Stdio::piped()).stdin(Stdio::null()).spawn()?;
        let said = process.stdout.take().context("the server has no output")?;
        // It says where it listens, and goes on: what it says first is all that is read.
        let first = serde_json::Deserializer::from_reader(said).into_iter::<Value>().next();
        let mut server = Self { process, port: 0 };
        let serving = first.context("the server ended before it listened")??;
        let port = serving["port"].as_u64().and_then(|port| u16::try_from(port).ok());
        server.port = port.with_context(|| format!("the server names no port: {serving}"))?;
        Ok(server)
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let ended = self.process.kill().and_then(|()| self.process.wait());
        if let Err(error) = ended {
            eprintln!("the server could not be ended: {error}");
        }
    }
}
