package dev.snoozy.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs commands as a terminal would, and keeps what they say. */
public record Cli(int code, String out, String err) {
    /** Runs a command. */
    public static Cli run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine(new PrintWriter(out), new PrintWriter(err, true)).execute(args);
        return new Cli(code, out.toString(), err.toString());
    }
}
