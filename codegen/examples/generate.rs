//! Prints the generated code of a specification, or with `--outline` its outline: for looking into a
//! rule while writing it.
use std::path::Path;

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let outline = args.first().is_some_and(|a| a == "--outline");
    if outline {
        args.remove(0);
    }
    let (Some(file), Some(version)) = (args.first(), args.get(1)) else {
        eprintln!("usage: generate [--outline] FILE VERSION");
        std::process::exit(2);
    };
    match cashfree_codegen::generate_file(Path::new(file), version) {
        Ok(generated) => print!("{}", if outline { generated.outline } else { generated.code }),
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(1);
        }
    }
}
