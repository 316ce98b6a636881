//! The pseudo-terminal that stands in for a terminal of ours.
//!
//! Keys, signals and sessions stay with the real one. The stand-in only tells the command that it
//! prints on a terminal of this size; it translates nothing (no line break becomes two characters),
//! for the real one does that when we pass the bytes on. The price: a program that reads keys from
//! the terminal it prints on (`less`), not from standard input or `/dev/tty`, gets none. The other
//! way, a session of its own for the command and all keys through our hands, would cost Ctrl-Z and
//! job control.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::panic;
use std::sync::Arc;

use rustix::fs::{Mode, OFlags};
use rustix::io::{Errno, FdFlags, fcntl_setfd};
use rustix::process::{Signal, getpgrp, kill_current_process_group};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{
    OptionalActions, OutputModes, Termios, isatty, tcgetattr, tcgetpgrp, tcgetwinsize, tcsetattr,
    tcsetwinsize,
};

/// Keeps the stand-in at the size of the real terminal.
pub(crate) struct Resizer {
    pty: OwnedFd,
    real: OwnedFd,
}

/// Reads what the command prints on the stand-in.
pub(crate) struct TerminalReader {
    pty: File,
    real: OwnedFd,
    /// The modes of the stand-in when we last looked.
    modes: Termios,
}

/// Opens a stand-in for a terminal of ours; the last of the three is the side of the command.
/// `None` if `real` is no terminal.
pub(crate) fn open(real: BorrowedFd<'_>) -> io::Result<Option<(Resizer, TerminalReader, OwnedFd)>> {
    if !isatty(real) {
        return Ok(None);
    }
    let real = real.try_clone_to_owned()?;
    let pty = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    // The command must not hold our side, or its own would never be closed.
    fcntl_setfd(&pty, FdFlags::CLOEXEC)?;
    grantpt(&pty)?;
    unlockpt(&pty)?;
    let side = rustix::fs::open(
        ptsname(&pty, Vec::new())?.as_c_str(),
        OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC,
        Mode::empty(),
    )?;
    let mut modes = tcgetattr(&real)?;
    modes.output_modes.remove(OutputModes::OPOST);
    tcsetattr(&side, OptionalActions::Now, &modes)?;
    let reader = TerminalReader { pty: pty.try_clone()?.into(), real: real.try_clone()?, modes };
    let resizer = Resizer { pty, real };
    resizer.resize();
    Ok(Some((resizer, reader, side)))
}

impl Resizer {
    /// Takes over the size of the real terminal. A program that was told of the change by that one
    /// may have asked for the size too early, so the group is told again (and so are we; but then
    /// nothing has changed).
    pub(crate) fn resize(&self) {
        let (Ok(real), Ok(known)) = (tcgetwinsize(&self.real), tcgetwinsize(&self.pty)) else {
            return;
        };
        let size = |size: rustix::termios::Winsize| {
            (size.ws_row, size.ws_col, size.ws_xpixel, size.ws_ypixel)
        };
        if size(real) != size(known) && tcsetwinsize(&self.pty, real).is_ok() {
            let _ = kill_current_process_group(Signal::WINCH);
        }
    }
}

impl TerminalReader {
    /// Sets on the real terminal the modes that the command set on the stand-in: a full-screen
    /// program sets those of the terminal it prints on and means the one its keys come from.
    fn follow_modes(&mut self) {
        let Ok(modes) = tcgetattr(&self.pty) else { return };
        if differ(&modes, &self.modes) && foreground(self.real.as_fd()) {
            let mut wanted = modes.clone();
            if let Ok(real) = tcgetattr(&self.real) {
                wanted
                    .output_modes
                    .set(OutputModes::OPOST, real.output_modes.contains(OutputModes::OPOST));
                let _ = tcsetattr(&self.real, OptionalActions::Now, &wanted);
            }
            self.modes = modes;
        }
    }
}

impl Read for TerminalReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.pty.read(buffer);
        self.follow_modes();
        match read {
            // How Linux says that nobody has the other side open any more.
            Err(error) if error.raw_os_error() == Some(Errno::IO.raw_os_error()) => Ok(0),
            read => read,
        }
    }
}

impl AsFd for TerminalReader {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.pty.as_fd()
    }
}

/// The modes of our terminal before the command ran. A command that fails may leave it raw, or
/// without echo.
pub(crate) struct Modes(Option<(OwnedFd, Termios)>);

impl Modes {
    /// Saves them; they are also restored if we panic.
    pub(crate) fn save() -> Arc<Self> {
        let streams = [
            io::stdin().as_fd().try_clone_to_owned(),
            io::stdout().as_fd().try_clone_to_owned(),
            io::stderr().as_fd().try_clone_to_owned(),
        ];
        let terminal = streams.into_iter().flatten().find(|stream| isatty(stream));
        let modes = Arc::new(Self(
            terminal.and_then(|terminal| tcgetattr(&terminal).ok().map(|modes| (terminal, modes))),
        ));
        if modes.0.is_some() {
            let (modes, report) = (Arc::clone(&modes), panic::take_hook());
            panic::set_hook(Box::new(move |panic| {
                modes.restore();
                report(panic);
            }));
        }
        modes
    }

    /// Restores them, unless another process group has the terminal now.
    pub(crate) fn restore(&self) {
        let Some((terminal, modes)) = &self.0 else { return };
        if tcgetattr(terminal).is_ok_and(|now| differ(&now, modes)) && foreground(terminal.as_fd())
        {
            let _ = tcsetattr(terminal, OptionalActions::Drain, modes);
        }
    }
}

/// Whether our process group has the terminal: any other is stopped if it changes the modes.
pub(crate) fn foreground(terminal: BorrowedFd<'_>) -> bool {
    tcgetpgrp(terminal).is_ok_and(|group| group == getpgrp())
}

fn differ(one: &Termios, two: &Termios) -> bool {
    let modes = |termios: &Termios| {
        (termios.input_modes, termios.output_modes, termios.control_modes, termios.local_modes)
    };
    modes(one) != modes(two)
}
