//! A paste into the terminal. The terminal edits lines of at most 4,095 bytes and drops what is
//! longer, so its line editing is switched off for the time; what it did with keys is done here.

use std::io::{self, Read};

/// What is typed to end the input (Ctrl-D), and to interrupt, quit or pause the program.
const END: u8 = 4;
const INTERRUPT: u8 = 3;
const QUIT: u8 = 28;
const PAUSE: u8 = 26;

/// Reads a terminal without its line editing, and restores that at the end.
pub(super) struct Paste<R> {
    input: R,
    #[cfg(unix)]
    mode: Option<mode::Unedited>,
    /// The last byte that was read.
    last: u8,
    ended: bool,
}

impl<R: Read> Paste<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            #[cfg(unix)]
            mode: mode::Unedited::begin(),
            last: b'\n',
            ended: false,
        }
    }

    /// Takes Ctrl-D out of what was read, and returns how many bytes are left. It ends the input at
    /// the beginning of a line, or if it comes twice.
    fn typed(&mut self, bytes: &mut [u8]) -> usize {
        let mut kept = 0;
        for at in 0..bytes.len() {
            let byte = bytes[at];
            if byte == END && matches!(self.last, b'\n' | END) {
                self.ended = true;
                break;
            }
            #[cfg(unix)]
            if matches!(byte, INTERRUPT | QUIT | PAUSE) {
                self.mode = self.mode.take().and_then(|mode| mode.signal(byte));
                continue;
            }
            if byte != END {
                bytes[kept] = byte;
                kept += 1;
            }
            self.last = byte;
        }
        kept
    }
}

impl<R: Read> Read for Paste<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        let edits = self.mode.is_none();
        #[cfg(not(unix))]
        let edits = true;
        if edits {
            return self.input.read(buffer);
        }
        while !self.ended && !buffer.is_empty() {
            let read = self.input.read(buffer)?;
            let kept = self.typed(&mut buffer[..read]);
            if kept > 0 || read == 0 {
                return Ok(kept);
            }
        }
        Ok(0)
    }
}

#[cfg(unix)]
mod mode {
    //! The mode of the terminal.

    use std::io;
    use std::sync::{Mutex, Once, PoisonError};

    use rustix::process::{Signal, kill_current_process_group};
    use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios};
    use rustix::termios::{tcgetattr, tcsetattr};

    /// The mode before, while it is another.
    static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

    use super::{INTERRUPT, QUIT};

    /// The terminal edits no lines and sends no signals; the echo stays. Signals are sent from here,
    /// because one that ended the program would leave the terminal as it is.
    pub(super) struct Unedited;

    impl Unedited {
        /// Switches the editing off; `None` where the terminal is not ours to change.
        pub(super) fn begin() -> Option<Self> {
            static HOOK: Once = Once::new();
            let before = tcgetattr(io::stdin()).ok()?;
            let mut mode = before.clone();
            mode.local_modes.remove(LocalModes::ICANON | LocalModes::ISIG);
            mode.special_codes[SpecialCodeIndex::VMIN] = 1;
            mode.special_codes[SpecialCodeIndex::VTIME] = 0;
            // The program aborts where it panics, and drops nothing.
            HOOK.call_once(|| {
                let hook = std::panic::take_hook();
                std::panic::set_hook(Box::new(move |panic| {
                    restore();
                    hook(panic);
                }));
            });
            *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = Some(before);
            // What was typed ahead stays.
            tcsetattr(io::stdin(), OptionalActions::Now, &mode).ok()?;
            Some(Self)
        }

        /// Does what the terminal would do at this key; `None` where the program goes on and the
        /// terminal is no longer ours to change.
        pub(super) fn signal(self, key: u8) -> Option<Self> {
            drop(self);
            let _ = kill_current_process_group(match key {
                INTERRUPT => Signal::INT,
                QUIT => Signal::QUIT,
                _ => Signal::TSTP,
            });
            Self::begin()
        }
    }

    impl Drop for Unedited {
        fn drop(&mut self) {
            restore();
        }
    }

    fn restore() {
        if let Some(before) = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &before);
        }
    }
}
