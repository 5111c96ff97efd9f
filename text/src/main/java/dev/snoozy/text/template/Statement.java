package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** A statement of a template. */
sealed interface Statement {
    int line();

    record Text(String text, int line) implements Statement {}

    record Print(Expression value, int line) implements Statement {}

    record If(List<Branch> branches, List<Statement> otherwise, int line) implements Statement {}

    record Branch(Expression test, List<Statement> body) {}

    /** A loop. It has three scopes: for its filter, its body and its else part. */
    record For(
            Target target,
            Expression iterable,
            @Nullable Expression filter,
            boolean recursive,
            List<Statement> body,
            List<Statement> otherwise,
            Layout filterLayout,
            Layout bodyLayout,
            Layout otherwiseLayout,
            int line)
            implements Statement {}

    record Assign(Target target, Expression value, int line) implements Statement {}

    record AssignBlock(
            Target target,
            Expression.@Nullable Filter filter,
            List<Statement> body,
            Layout layout,
            int line)
            implements Statement {}

    record DefineMacro(MacroBody macro, int line) implements Statement {}

    /** A call whose body becomes the macro {@code caller} of what is called. */
    record CallBlock(Expression.Call call, MacroBody caller, int line) implements Statement {}

    record FilterBlock(Expression.Filter filter, List<Statement> body, Layout layout, int line)
            implements Statement {}

    record With(
            List<Target> targets,
            List<Expression> values,
            List<Statement> body,
            Layout layout,
            int line)
            implements Statement {}

    /** A body with a scope of its own: a named block or a {@code generation} part. */
    record Block(String name, List<Statement> body, Layout layout, int line) implements Statement {}

    record Generation(List<Statement> body, Layout layout, int line) implements Statement {}

    record Break(int line) implements Statement {}

    record Continue(int line) implements Statement {}

    /** A statement that needs other templates, of which a chat template has none. */
    record Unavailable(String tag, int line) implements Statement {}

    /**
     * Parameters and body of a macro or call block.
     *
     * @param name null for a call block
     * @param defaults of the last parameters
     * @param takesCaller whether the body uses {@code caller} without defining it; likewise for the
     *     other two
     */
    record MacroBody(
            @Nullable String name,
            List<String> parameters,
            List<Expression> defaults,
            boolean takesCaller,
            boolean takesKeywords,
            boolean takesMore,
            List<Statement> body,
            Layout layout) {}

    /** What a statement assigns to. */
    sealed interface Target {}

    record NameTarget(String name) implements Target {}

    record TupleTarget(List<Target> targets) implements Target {}

    record AttributeTarget(String namespace, String attribute) implements Target {}
}
