package dev.snoozy.text.template;

import dev.snoozy.text.TextException;

/**
 * A chat template that cannot be parsed or rendered. For {@link Kind#RAISED} the message is exactly
 * what the template raised, or what Jinja says of a missing filter and the like; otherwise it names
 * the line and the reason.
 */
public final class TemplateException extends TextException {
    private static final long serialVersionUID = 1L;

    /** Why a template failed. */
    public enum Kind {
        /** The template called {@code raise_exception}, or a filter refused its arguments. */
        RAISED,
        /** The template used a value that is not defined. */
        UNDEFINED,
        /** The source is not a template. */
        SYNTAX,
        /** The template tried what the sandbox forbids. */
        SECURITY,
        /** An operation does not apply to its operands. */
        RUNTIME,
        /** A limit on steps, depth, memory or output was reached. */
        LIMIT
    }

    private final Kind kind;
    private final String reason;
    private final int line;

    private TemplateException(Kind kind, String reason, int line) {
        super(kind == Kind.RAISED || line == 0 ? reason : "template line " + line + ": " + reason);
        this.kind = kind;
        this.reason = reason;
        this.line = line;
    }

    /** Why the template failed. */
    public Kind kind() {
        return kind;
    }

    /** The line of the template, counted from 1, or 0 where none is known. */
    public int line() {
        return line;
    }

    /** The message without the line. */
    String reason() {
        return reason;
    }

    /** This failure at a line, unless it has one already. */
    TemplateException at(int where) {
        if (line != 0) {
            return this;
        }
        TemplateException placed = new TemplateException(kind, reason, where);
        placed.setStackTrace(getStackTrace());
        return placed;
    }

    static TemplateException raised(String message) {
        return new TemplateException(Kind.RAISED, message, 0);
    }

    static TemplateException syntax(String reason, int line) {
        return new TemplateException(Kind.SYNTAX, reason, line);
    }

    static TemplateException security(String reason) {
        return new TemplateException(Kind.SECURITY, reason, 0);
    }

    static TemplateException undefined(String reason) {
        return new TemplateException(Kind.UNDEFINED, reason, 0);
    }

    static TemplateException limit(String reason) {
        return new TemplateException(Kind.LIMIT, reason, 0);
    }

    /** An operand of the wrong type. */
    static TemplateException type(String reason) {
        return new TemplateException(Kind.RUNTIME, "TypeError: " + reason, 0);
    }

    /** An operand of the right type with a value that does not fit. */
    static TemplateException value(String reason) {
        return new TemplateException(Kind.RUNTIME, "ValueError: " + reason, 0);
    }

    /** Any other failure that Python names by an exception class of its own. */
    static TemplateException runtime(String python, String reason) {
        return new TemplateException(Kind.RUNTIME, python + ": " + reason, 0);
    }
}
