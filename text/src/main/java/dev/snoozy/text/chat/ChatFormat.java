package dev.snoozy.text.chat;

import dev.snoozy.text.grammar.Grammar;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How a model writes reasoning and calls of tools, and how its chat template wants to be told of
 * them. Found from the marks in the template and by rendering it, not from the model's name.
 * Immutable and thread-safe.
 */
public final class ChatFormat {
    private static final TemplateProbe.CallForm PLAIN = new TemplateProbe.CallForm(false, false);

    private final Family own;
    private final Family family;
    private final Optional<ReasoningMarks> reasoning;
    private final MessageVariables variables;
    private final TemplateProbe probe;

    private ChatFormat(String source) {
        own = Detection.family(source);
        reasoning = Detection.reasoning(source);
        // A model that is told of tools in the generic way answers in the generic way.
        family = own.with(Families.namedObject("<tool_call>"), "</tool_call>");
        variables = new MessageVariables(source, family);
        probe =
                new TemplateProbe(
                        source,
                        (messages, tools, form) ->
                                variables.of(messages, tools, form, UnaryOperator.identity()),
                        (answer, tools) -> parse(answer, ParserOptions.DEFAULT.withTools(tools)));
    }

    /**
     * The format of a chat template. Takes some milliseconds, since it renders the template.
     *
     * @param templateSource the text of the template; what is no template says nothing
     */
    public static ChatFormat of(String templateSource) {
        return new ChatFormat(templateSource);
    }

    /** The format of a model without a template. */
    public static ChatFormat none() {
        return new ChatFormat("");
    }

    /** The name of the way in which calls are written, for example {@code hermes}. */
    public String name() {
        return family.name();
    }

    /**
     * Whether the template tells the model of tools. Otherwise they are described in the system
     * message, and calls are asked for in the generic form.
     */
    public boolean templateHasTools() {
        return probe.tools();
    }

    /** Texts around reasoning, if the template knows any. */
    public Optional<ReasoningMarks> reasoning() {
        return reasoning;
    }

    /** A parser for one answer. */
    public AnswerParser parser(ParserOptions options) {
        return new AnswerParser(family, reasoning, options);
    }

    /** Takes a whole answer apart. */
    public ParsedAnswer parse(String answer, ParserOptions options) {
        return parser(options).parse(answer);
    }

    /**
     * How a call is written, to make a grammar of; empty if the format has no fixed form. Where the
     * template does not tell of tools, it is the form that {@link #variables} asks for.
     */
    public Optional<ToolCallSyntax> toolCallSyntax() {
        return Optional.ofNullable(asked().syntax());
    }

    /**
     * The texts in which calls of some tools are written, and nothing else; empty if the format has
     * no fixed form.
     *
     * @param tools those that may be called, at least one
     * @param several whether more than one call may be written
     * @param promptEnd the end of the rendered prompt, which may have begun the first call
     * @throws dev.snoozy.text.TextException if the schema of a tool cannot be followed
     */
    public Optional<Grammar> toolCallGrammar(
            List<ToolDefinition> tools, boolean several, String promptEnd) {
        return toolCallSyntax()
                .map(syntax -> inMessage(syntax, promptEnd))
                .map(syntax -> ToolCallGrammar.of(syntax, tools, several, promptEnd));
    }

    /** Where the prompt ends in the header of a message, calls come after that header. */
    private ToolCallSyntax inMessage(ToolCallSyntax syntax, String promptEnd) {
        Family.Channels channels = asked().channels();
        if (channels == null || !channels.channel().isEmpty()) {
            return syntax; // with channels the header is a part of the call
        }
        int start = promptEnd.lastIndexOf(channels.start());
        boolean inHeader = start >= 0 && promptEnd.indexOf(channels.message(), start) < 0;
        return inHeader ? syntax.behind(channels.message()) : syntax;
    }

    /**
     * Texts with which a call begins, so that a grammar may begin there. Empty where a call begins
     * with nothing that other text has not, which is plain JSON.
     */
    public List<String> triggers() {
        if (asked().openings().isEmpty()) {
            return toolCallSyntax().map(ToolCallSyntax::prefix).stream().toList();
        }
        List<String> marks = asked().openings().stream().map(Opening::mark).toList();
        return asked().name().equals("generic") ? marks.subList(0, 1) : marks;
    }

    /** The way in which the model is told to write calls. */
    private Family asked() {
        return probe.tools() || isDescribable(own) ? own : Families.generic();
    }

    /** Whether {@link GenericTools} can ask for this way. */
    private static boolean isDescribable(Family family) {
        ToolCallSyntax syntax = family.syntax();
        return syntax != null
                && syntax.arguments() instanceof ToolCallSyntax.Arguments.Json
                && family.channels() == null;
    }

    /**
     * The variables {@code messages} and {@code tools} of a conversation, in the form that this
     * template reads, and what some templates want besides; the caller adds the others. What the
     * template cannot show of tools, calls, results and the system message goes into the content of
     * other messages.
     *
     * @param guard goes over every text that is not the template's own, so that names of control
     *     tokens in it are not taken for those
     */
    public Map<String, Object> variables(
            List<TemplateMessage> messages,
            List<ToolDefinition> tools,
            UnaryOperator<String> guard) {
        List<TemplateMessage> shown =
                messages.stream()
                        .map(message -> message.withContent(guard.apply(message.content())))
                        .toList();
        ToolCallSyntax syntax = (isDescribable(own) ? own : Families.generic()).syntax();
        GenericTools generic =
                new GenericTools(Objects.requireNonNull(syntax, "generic syntax"), guard);
        if (probe.callForm().isEmpty()) {
            shown = shown.stream().map(generic::inContent).toList();
        }
        if (!probe.toolRole()) {
            shown = GenericTools.resultsOfUser(shown);
        }
        if (!probe.systemRole() && !shown.isEmpty() && shown.getFirst().role().equals("system")) {
            String system = shown.getFirst().content();
            shown = GenericTools.withSystem(shown.subList(1, shown.size()), system, false);
        }
        List<ToolDefinition> offered = tools;
        if (!tools.isEmpty() && !probe.tools()) {
            String description = generic.description(tools);
            shown = GenericTools.withSystem(shown, description, probe.systemRole());
            offered = List.of();
        }
        return variables.of(shown, offered, probe.callForm().orElse(PLAIN), guard);
    }
}
