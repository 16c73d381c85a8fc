//! The kit's own proof: its cases pass what is honest, and catch what is not; its words are those of the ports.

#[cfg(test)]
mod catches_broken_stores;
#[cfg(test)]
mod catches_lying_brokers;
#[cfg(test)]
mod catches_lying_gateways;
#[cfg(test)]
mod catching;
#[cfg(test)]
mod mocks;
#[cfg(test)]
mod not_claimed;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod scripted;
#[cfg(test)]
mod words;
