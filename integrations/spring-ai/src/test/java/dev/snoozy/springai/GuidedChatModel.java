package dev.snoozy.springai;

import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.OutputConstraint;
import dev.snoozy.engine.ToolChoice;
import dev.snoozy.text.grammar.Grammar;

import org.jspecify.annotations.NullUnmarked;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

import reactor.core.publisher.Flux;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A model of random weights that answers questions after the weather as one that knows would: for
 * the test kit of Spring AI, which asks them. What it knows is put in by grammars, one for each
 * request, made of the conversation that arrives: a call for the next city that has no answer yet,
 * and when all have, a sentence with what the tools have said. Everything else is the engine's and
 * this provider's own work: prompts, tokens, reading of calls, pieces, counts.
 */
@NullUnmarked // what Spring AI returns may be null to it; here that fails the test
final class GuidedChatModel implements ChatModel {
    private static final List<String> CITIES = List.of("San Francisco", "Tokyo", "Paris");
    private static final Pattern TEMPERATURE = Pattern.compile("\"temp\":([0-9.]+)");

    private final LanguageModel engine;
    private final SnoozyChatModel model;

    GuidedChatModel(LanguageModel engine) {
        this.engine = engine;
        model = SnoozyChatModel.of(engine);
    }

    @Override
    public ChatResponse call(Prompt prompt) {
        return model.call(guided(prompt));
    }

    @Override
    public Flux<ChatResponse> stream(Prompt prompt) {
        return model.stream(guided(prompt));
    }

    @Override
    public ChatOptions getOptions() {
        return model.getOptions();
    }

    private Prompt guided(Prompt prompt) {
        SnoozyChatOptions options = (SnoozyChatOptions) prompt.getOptions();
        List<Message> messages = prompt.getInstructions();
        String question =
                messages.stream()
                        .filter(UserMessage.class::isInstance)
                        .map(Message::getText)
                        .reduce("", (first, last) -> last);
        List<String> results = results(messages);
        List<String> asked = CITIES.stream().filter(question::contains).toList();
        SnoozyChatOptions.Builder builder = options.mutate();
        if (results.size() < asked.size()) {
            ToolCallback tool = onlyFor(asked.get(results.size()), options.getToolCallbacks());
            builder.toolCallbacks(List.of(tool))
                    .parallelToolCalls(false)
                    .constraint(OutputConstraint.of(callOf(tool)));
        } else {
            String answer = "It is " + String.join(", ", results) + " degrees.";
            builder.toolChoice(ToolChoice.NONE)
                    .constraint(OutputConstraint.of(Grammar.literal(answer)));
        }
        return prompt.mutate().chatOptions(builder.build()).build();
    }

    /** The temperatures that tools have told of in this turn. */
    private static List<String> results(List<Message> messages) {
        Stream<ToolResponseMessage> tools =
                messages.stream()
                        .filter(ToolResponseMessage.class::isInstance)
                        .map(ToolResponseMessage.class::cast);
        List<String> found = new ArrayList<>();
        tools.flatMap(message -> message.getResponses().stream())
                .forEach(response -> {
                    Matcher matcher = TEMPERATURE.matcher(response.responseData());
                    if (matcher.find()) {
                        found.add(matcher.group(1));
                    }
                });
        return found;
    }

    /** The form of a call of this tool as this model writes it. */
    private Grammar callOf(ToolCallback tool) {
        ToolDefinition definition = tool.getToolDefinition();
        return engine.chatFormat()
                .toolCallGrammar(
                        List.of(
                                new dev.snoozy.text.chat.ToolDefinition(
                                        definition.name(),
                                        definition.description(),
                                        definition.inputSchema())),
                        false,
                        "")
                .orElseThrow();
    }

    /** The tool that was offered, but for one city only. */
    private static ToolCallback onlyFor(String city, List<ToolCallback> offered) {
        ToolDefinition tool = offered.getFirst().getToolDefinition();
        String schema =
                """
                {"type": "object", "properties": {
                  "location": {"const": "%s"}, "lat": {"const": 0}, "lon": {"const": 0},
                  "unit": {"const": "C"}},
                 "required": ["location", "lat", "lon", "unit"]}
                """
                        .formatted(city);
        ToolDefinition narrowed =
                ToolDefinition.builder()
                        .name(tool.name())
                        .description(tool.description())
                        .inputSchema(schema)
                        .build();
        return new ToolCallback() {
            @Override
            public ToolDefinition getToolDefinition() {
                return narrowed;
            }

            @Override
            public String call(String arguments) {
                throw new UnsupportedOperationException("it is only told of");
            }
        };
    }
}
