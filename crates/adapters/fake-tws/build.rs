//! Compiles the schema of the wire without a compiler of its own on the machine.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=proto/tws.proto");
    let schema = protox::compile(["tws.proto"], ["proto"])?;
    // Serialised only to be shown: field by field, with their names.
    prost_build::Config::new().message_attribute(".", "#[derive(serde::Serialize)]").compile_fds(schema)?;
    Ok(())
}
