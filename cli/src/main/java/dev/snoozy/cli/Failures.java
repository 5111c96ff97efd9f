package dev.snoozy.cli;

import picocli.CommandLine;

import java.io.FileNotFoundException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;

/** What a user is told when a command fails: one line, and the exit code. */
final class Failures {
    private Failures() {}

    /**
     * A flag or argument that does not fit: the line, names that are near, and where to read on.
     */
    static int wrongUse(CommandLine.ParameterException e) {
        PrintWriter err = e.getCommandLine().getErr();
        err.println("snoozy: " + Printable.line(oneLine(String.valueOf(e.getMessage()))));
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return Main.WRONG_USE;
    }

    /** A command that could not do what it was asked to. */
    static int failed(Exception e, PrintWriter err, boolean verbose) {
        if (e instanceof OutputClosedException) {
            return Main.FAILED; // whoever read the output has seen enough
        }
        err.println("snoozy: " + Printable.line(message(e)));
        if (verbose) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            err.print(Printable.lines(trace.toString()));
        }
        err.flush();
        return isWrongUse(e) ? Main.WRONG_USE : Main.FAILED;
    }

    private static boolean isWrongUse(Exception e) {
        return e instanceof IllegalArgumentException
                || e instanceof WrongUseException
                || e instanceof NoSuchFileException;
    }

    /** The message; some exceptions of the JDK have a file name for one and say no more. */
    private static String message(Exception e) {
        return switch (e) {
            case NoSuchFileException missing -> "no such file: " + missing.getFile();
            case FileNotFoundException missing -> "cannot open: " + missing.getMessage();
            case AccessDeniedException denied ->
                    "no permission to use " + denied.getFile() + "; cure: change its permissions";
            case FileSystemException other when other.getReason() == null ->
                    "cannot use " + other.getFile() + ": " + other.getClass().getSimpleName();
            case InvalidPathException bad -> "not a file name: " + bad.getMessage();
            default ->
                    oneLine(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        };
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
