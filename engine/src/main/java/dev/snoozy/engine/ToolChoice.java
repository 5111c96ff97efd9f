package dev.snoozy.engine;

/** Whether a model may, must or must not call tools. */
public sealed interface ToolChoice {
    /** The model decides. */
    ToolChoice AUTO = new Auto();

    /** No tool is called. */
    ToolChoice NONE = new None();

    /** At least one tool is called: the answer can be nothing else. */
    ToolChoice REQUIRED = new Required();

    /** The model decides. */
    record Auto() implements ToolChoice {}

    /** No tool is called. */
    record None() implements ToolChoice {}

    /** At least one tool is called. */
    record Required() implements ToolChoice {}

    /** This tool is called. */
    record Named(String name) implements ToolChoice {}
}
