package dev.snoozy.text.template;

import dev.snoozy.text.TextException;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A chat template: a Jinja program that comes with a model and turns a conversation into the text
 * the model was trained on. It follows Jinja 3.1 in the environment of the Hugging Face library: an
 * immutable sandbox, trim_blocks, lstrip_blocks, break and continue, the {@code generation} tag,
 * {@code tojson} without HTML escapes, {@code raise_exception} and {@code strftime_now}.
 *
 * <p>Immutable and thread-safe. The program is untrusted: it reaches nothing but the values it is
 * given, and its steps, depth and output are limited.
 */
public final class ChatTemplate {
    private final List<Statement> statements;
    private final Layout layout;

    private ChatTemplate(List<Statement> statements, Layout layout) {
        this.statements = statements;
        this.layout = layout;
    }

    /**
     * Parses a template.
     *
     * @throws TemplateException if it is not a template, with the line
     */
    public static ChatTemplate parse(String source) {
        List<Statement> statements = Parser.parse(source);
        return new ChatTemplate(statements, ScopeAnalyzer.analyze(statements));
    }

    /**
     * Renders the template with the default limits and the time of now.
     *
     * @param variables values of these types: {@code null}, {@link Boolean}, {@link Long} or {@link
     *     Integer}, {@link java.math.BigInteger}, {@link Double}, {@link String}, {@link List},
     *     {@link Map} with string keys. A variable that is left out is undefined.
     * @throws TemplateException if the template raises an error of its own, uses what is undefined,
     *     or exceeds a limit
     * @throws TextException if a variable is of another type
     */
    public String render(Map<String, ?> variables) {
        return render(variables, TemplateLimits.DEFAULT, Clock.systemDefaultZone());
    }

    /**
     * Renders the template.
     *
     * @param variables as for {@link #render(Map)}
     * @param limits what the rendering may use
     * @param clock the time that {@code strftime_now} tells
     * @throws TemplateException if the template raises an error of its own, uses what is undefined,
     *     or exceeds a limit
     * @throws TextException if a variable is of another type
     */
    public String render(Map<String, ?> variables, TemplateLimits limits, Clock clock) {
        Map<String, Object> values = new HashMap<>(Globals.VALUES);
        variables.forEach((name, value) -> values.put(name, Variables.convert(name, value)));
        Runtime runtime = new Runtime(new Budget(limits), clock);
        return new Interpreter(runtime).render(statements, layout, values);
    }
}
