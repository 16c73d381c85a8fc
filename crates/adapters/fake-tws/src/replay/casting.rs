//! Who plays which recorded connection.

use super::script::Script;
use crate::wire::VersionRange;
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The parts that are given out.
#[derive(Debug, Default)]
pub(super) struct Casting(Mutex<Parts>);

#[derive(Debug, Default)]
struct Parts {
    /// Given out in this round: a new round begins when none that fits is left.
    given: BTreeSet<usize>,
}

impl Casting {
    fn parts(&self) -> MutexGuard<'_, Parts> {
        // A panic elsewhere leaves a set of numbers as good as it was.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A part for a client that speaks these versions.
    pub(super) fn give(&self, script: &Script, range: &VersionRange) -> Option<usize> {
        let fits = |place: &usize| {
            script
                .scenes
                .get(*place)
                .is_some_and(|scene| (range.min..=range.max).contains(&scene.codec.version()))
        };
        let all: Vec<usize> = (0..script.scenes.len()).filter(fits).collect();
        let mut parts = self.parts();
        let free = all.iter().copied().find(|place| !parts.given.contains(place));
        let place = free.or_else(|| {
            all.iter().for_each(|place| {
                parts.given.remove(place);
            });
            all.first().copied()
        })?;
        parts.given.insert(place);
        Some(place)
    }

    /// The client has said its id: another part of the same version may suit it better.
    pub(super) fn exchange(&self, script: &Script, place: usize, client_id: Option<i32>) -> usize {
        let Some(now) = script.scenes.get(place) else { return place };
        if now.client_id == client_id {
            return place;
        }
        let suits = |other: &usize| {
            script.scenes.get(*other).is_some_and(|it| it.client_id == client_id && it.codec == now.codec)
        };
        let mut parts = self.parts();
        let all: Vec<usize> = (0..script.scenes.len()).filter(suits).collect();
        let free = all.iter().copied().find(|other| !parts.given.contains(other));
        let Some(better) = free.or(all.first().copied()) else { return place };
        parts.given.remove(&place);
        parts.given.insert(better);
        better
    }
}
