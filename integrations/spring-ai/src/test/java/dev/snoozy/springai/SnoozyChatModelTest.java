package dev.snoozy.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.engine.ContextExceededException;
import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.OutputConstraint;
import dev.snoozy.engine.TokenUsage;
import dev.snoozy.text.grammar.Grammar;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeTypeUtils;

import java.util.List;
import java.util.Map;

/** Answers as a whole: text, options, counts, errors. */
@NullUnmarked // what Spring AI returns may be null to it; here that fails the test
class SnoozyChatModelTest {
    private static final String LONG = "and then the bird sang again. ".repeat(1000);

    private static LanguageModel random;

    @BeforeAll
    static void load() {
        random = Models.loadRandom();
    }

    @AfterAll
    static void close() {
        random.close();
    }

    private static SnoozyChatOptions.Builder options() {
        return SnoozyChatOptions.builder().seed(7L).maxTokens(20);
    }

    private static ChatResponse ask(SnoozyChatOptions options, Message... messages) {
        return SnoozyChatModel.of(random).call(new Prompt(List.of(messages), options));
    }

    private static String text(ChatResponse response) {
        return response.getResult().getOutput().getText();
    }

    @Test
    void theShippedModelTellsAStory() throws Exception {
        try (LanguageModel stories = Models.loadStories()) {
            SnoozyChatModel model =
                    SnoozyChatModel.builder(stories)
                            .options(options().temperature(0.0).build())
                            .build();
            String story = model.call("Once upon a time");
            assertThat(story).startsWith(", there was a little girl named Lily.");
        }
    }

    @Test
    void theSameSeedGivesTheSameTextAndIsReported() {
        ChatResponse first = ask(options().build(), new UserMessage("ab"));
        ChatResponse second = ask(options().build(), new UserMessage("ab"));
        ChatResponse other = ask(options().seed(8L).build(), new UserMessage("ab"));
        assertThat(text(second)).isEqualTo(text(first));
        assertThat(text(other)).isNotEqualTo(text(first));
        assertThat(first.getMetadata().<Long>get("seed")).isEqualTo(7L);
    }

    @Test
    void tokensAreCounted() {
        Message question = new UserMessage("Is anybody there?");
        ask(options().build(), question);
        ChatResponse response = ask(options().build(), question);
        Usage usage = response.getMetadata().getUsage();
        assertThat(usage.getPromptTokens()).isGreaterThan(17);
        assertThat(usage.getCompletionTokens()).isEqualTo(20);
        assertThat(usage.getTotalTokens()).isEqualTo(usage.getPromptTokens() + 20);
        assertThat(usage.getCacheReadInputTokens()).isPositive();
        assertThat(usage.getNativeUsage()).isInstanceOf(TokenUsage.class);
        assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("LENGTH");
        assertThat(response.getMetadata().getModel()).isEqualTo("random");
        assertThat(response.getMetadata().getId()).startsWith("snoozy-");
    }

    @Test
    void anAnswerEndsAtAStopSequence() {
        OutputConstraint abc = OutputConstraint.of(Grammar.literal("abcdef"));
        ChatResponse response =
                ask(
                        options().constraint(abc).stopSequences(List.of("de")).build(),
                        new UserMessage("ab"));
        assertThat(text(response)).isEqualTo("abc");
        assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
    }

    @Test
    void allMessagesAreRead() {
        SnoozyChatOptions greedy = options().temperature(0.0).maxTokens(1).build();
        int alone = promptTokens(ask(greedy, new UserMessage("c")));
        int withSystem = promptTokens(ask(greedy, new SystemMessage("a"), new UserMessage("c")));
        int withAll =
                promptTokens(
                        ask(
                                greedy,
                                new SystemMessage("a"),
                                new UserMessage("b"),
                                new AssistantMessage("b"),
                                new UserMessage("c")));
        int withEmpty = promptTokens(ask(greedy, new SystemMessage(""), new UserMessage("c")));
        assertThat(withSystem).isGreaterThan(alone);
        assertThat(withAll).isGreaterThan(withSystem);
        assertThat(withEmpty).isEqualTo(alone);
    }

    private static int promptTokens(ChatResponse response) {
        return response.getMetadata().getUsage().getPromptTokens();
    }

    @Test
    void portableOptionsAreTakenAndReplaceThoseOfTheModel() {
        SnoozyChatModel model =
                SnoozyChatModel.builder(random).options(options().maxTokens(3).build()).build();
        ChatOptions portable = ChatOptions.builder().temperature(0.0).maxTokens(5).build();
        Usage withTheirs = model.call(new Prompt("ab", portable)).getMetadata().getUsage();
        Usage withOurs = model.call(new Prompt("ab")).getMetadata().getUsage();
        assertThat(withTheirs.getCompletionTokens()).isEqualTo(5);
        assertThat(withOurs.getCompletionTokens()).isEqualTo(3);
    }

    @Test
    void everySamplingOptionReachesTheSampler() {
        String free = text(ask(options().temperature(2.0).build(), new UserMessage("ab")));
        assertThat(text(ask(options().temperature(0.0).build(), new UserMessage("ab"))))
                .isNotEqualTo(free);
        String likeliest = text(ask(options().temperature(0.0).build(), new UserMessage("ab")));
        SnoozyChatOptions.Builder hot = options().temperature(2.0);
        assertThat(text(ask(hot.clone().topK(1).build(), new UserMessage("ab"))))
                .isEqualTo(likeliest);
        assertThat(text(ask(hot.clone().topP(1e-6).build(), new UserMessage("ab"))))
                .isEqualTo(likeliest);
        assertThat(text(ask(hot.clone().minP(1.0).build(), new UserMessage("ab"))))
                .isEqualTo(likeliest);
        assertThat(
                        text(
                                ask(
                                        options().temperature(0.0).repeatPenalty(50.0).build(),
                                        new UserMessage("ab"))))
                .isNotEqualTo(likeliest);
        assertThat(
                        text(
                                ask(
                                        options().temperature(0.0).presencePenalty(2.0).build(),
                                        new UserMessage("ab"))))
                .isNotEqualTo(likeliest);
        assertThat(
                        text(
                                ask(
                                        options().temperature(0.0).frequencyPenalty(2.0).build(),
                                        new UserMessage("ab"))))
                .isNotEqualTo(likeliest);
    }

    @Test
    void optionsOutsideTheirRangeAreRefusedByName() {
        assertThatThrownBy(() -> ask(options().temperature(-1.0).build(), new UserMessage("ab")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("temperature: expected 0 or more, found -1");
        assertThatThrownBy(() -> ask(options().maxTokens(-1).build(), new UserMessage("ab")))
                .hasMessageContaining("maxTokens");
        assertThatThrownBy(() -> ask(options().outputSchema("{").build(), new UserMessage("ab")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("outputSchema: ");
        OutputConstraint any = OutputConstraint.of(Grammar.json());
        SnoozyChatOptions both = options().outputSchema("{}").constraint(any).build();
        assertThatThrownBy(() -> ask(both, new UserMessage("ab")))
                .hasMessageContaining("no constraint beside it");
    }

    @Test
    void anotherModelIsRefused() {
        assertThatThrownBy(() -> ask(options().model("other").build(), new UserMessage("ab")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model: expected random")
                .hasMessageContaining("found other");
        assertThat(text(ask(options().model("random").build(), new UserMessage("ab"))))
                .isNotEmpty();
    }

    @Test
    void picturesAreRefused() {
        Media picture =
                new Media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(new byte[] {1, 2, 3}));
        UserMessage message = UserMessage.builder().text("what is this?").media(picture).build();
        assertThatThrownBy(() -> ask(options().build(), message))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found 1 pictures or sounds");
    }

    @Test
    void aConversationThatIsTooLongIsRefusedWithItsNumbers() {
        assertThatThrownBy(() -> ask(options().build(), new UserMessage(LONG)))
                .isInstanceOfSatisfying(
                        ContextExceededException.class,
                        e -> assertThat(e.tokens()).isGreaterThan(e.contextLength()));
    }

    @Test
    void oldMessagesAreDroppedIfThatIsAskedForAndReported() {
        ChatResponse response =
                ask(
                        options().contextPolicy(ContextPolicy.DROP_OLDEST).build(),
                        new UserMessage(LONG),
                        new AssistantMessage("yes"),
                        new UserMessage("ab"));
        assertThat(response.getMetadata().<Integer>get("droppedMessages")).isEqualTo(2);
        assertThat(response.getMetadata().<List<String>>get("warnings")).hasSize(1);
    }

    @Test
    void reasoningIsApartAndGoesBackToTheModel() {
        try (LanguageModel thinker = Models.load(Models.random(Models.REASONING_TEMPLATE))) {
            SnoozyChatModel model = SnoozyChatModel.of(thinker);
            OutputConstraint thought =
                    OutputConstraint.of(Grammar.literal("<think>it is said</think>because"));
            SnoozyChatOptions options = SnoozyChatOptions.builder().constraint(thought).build();
            UserMessage question = new UserMessage("why?");
            AssistantMessage answer =
                    model.call(new Prompt(question, options)).getResult().getOutput();
            assertThat(answer.getText()).isEqualTo("because");
            assertThat(answer.getMetadata()).containsEntry("reasoningContent", "it is said");

            SnoozyChatOptions one = options().maxTokens(1).build();
            UserMessage next = new UserMessage("and?");
            int with = promptTokens(model.call(new Prompt(List.of(question, answer, next), one)));
            AssistantMessage bare = new AssistantMessage("because");
            int without = promptTokens(model.call(new Prompt(List.of(question, bare, next), one)));
            assertThat(with).isGreaterThan(without);
        }
    }

    @Test
    void aVariableOfTheTemplateReachesIt() {
        String template = Models.TEMPLATE + "{% if loud %}LOUD{% endif %}";
        try (LanguageModel loud = Models.load(Models.random(template))) {
            SnoozyChatModel model = SnoozyChatModel.of(loud);
            SnoozyChatOptions.Builder options = options().maxTokens(1);
            int quiet = promptTokens(model.call(new Prompt("ab", options.build())));
            options.templateVariables(Map.of("loud", true));
            assertThat(promptTokens(model.call(new Prompt("ab", options.build()))))
                    .isGreaterThan(quiet);
        }
    }
}
