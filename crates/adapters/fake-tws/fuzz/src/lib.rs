//! What must hold for any bytes, for `cargo fuzz` and `cargo xtask fuzz`.

pub mod laws;

use std::alloc::{GlobalAlloc, Layout, System};

/// No single allocation may be larger: two frames of the greatest length.
const LARGEST: usize = 32 << 20;

/// The system's memory, and an end to whoever asks for too much of it at once.
struct Watched;

#[global_allocator]
static MEMORY: Watched = Watched;

fn watch(size: usize) {
    if size > LARGEST {
        // Not a panic: that would ask for memory.
        eprintln!("an allocation of {size} bytes");
        std::process::abort();
    }
}

unsafe impl GlobalAlloc for Watched {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        watch(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        watch(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        watch(size);
        unsafe { System.realloc(at, layout, size) }
    }
}
