package dev.snoozy.text.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.text.TextException;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What published templates write for an assistant is read back as it was given. */
@SuppressWarnings("NullAway") // members of JSON that are known to be there
class ReadBackTest {
    private static final Map<String, Object> QUESTION = Map.of("role", "user", "content", "q");

    /** Templates that fail on such a message in the reference, too; a prefix of their names. */
    private static final Map<String, String> FAILS =
            new TreeMap<>(
                    Map.of(
                            "Kimi-K2-Instruct", "changes a list, which the sandbox forbids",
                            "Kimi-K2-Thinking", "changes a list, which the sandbox forbids",
                            "MiroThinker", "wants a variable 'tool'",
                            "gpt4all-DeepSeek-R1-Distill", "wants a filter 'regex_replace'",
                            "llama-cpp-deepseek-r1", "writes a generator as JSON",
                            "meta-llama-Llama-3", "refuses parallel calls",
                            "mistral-common-v1", "refuses messages without content",
                            "mistral-common-v2", "refuses content beside calls",
                            "mistral-common-v3", "refuses content beside calls"));

    /** Templates that write something else; and the conversation. */
    private static final Map<String, String> DIFFERS =
            Map.of(
                    "openai-gpt-oss-120b: content and call", "content becomes reasoning",
                    "gpt4all-nous-hermes-llama2-13b.Q4-0", "the prompt asks for an instruction");

    /** Beginnings of the ids of cases of which the template writes something else. */
    private static final List<String> CASES_DIFFER =
            List.of(
                    // content becomes reasoning
                    "openai-gpt-oss-120b/tool_args_string",
                    // the system message stands before the last words of the user
                    "mistralai-Mistral-Nemo-Instruct-2407/tool_result_last");

    static Stream<Named<ReadBack>> templates() throws IOException {
        if (!Files.isDirectory(ReadBack.CHAT)) {
            return Stream.empty();
        }
        return ReadBack.all().stream().map(each -> Named.of(each.name, each));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("templates")
    void anAnswerIsReadBack(ReadBack template) {
        List<String> differences = new ArrayList<>();
        Conversations.all()
                .forEach((name, message) -> {
                    String difference = difference(template, name, message);
                    if (!difference.isEmpty()) {
                        differences.add(name + ": " + difference);
                    }
                });
        assertThat(differences).isEmpty();
    }

    private static String difference(ReadBack template, String name, Map<String, Object> message) {
        boolean differs =
                DIFFERS.containsKey(template.name)
                        || DIFFERS.containsKey(template.name + ": " + name);
        String difference = "";
        for (Map<String, Object> form : Conversations.forms(message)) {
            try {
                List<Object> messages = List.of(QUESTION, form);
                difference = template.readBack(messages, Conversations.TOOLS, Map.of());
            } catch (TextException e) {
                boolean known = FAILS.keySet().stream().anyMatch(template.name::startsWith);
                difference = known ? "" : e.getMessage();
            }
            if (difference.isEmpty()) {
                return differs ? "reads back what was thought to differ" : "";
            }
        }
        return differs ? "" : difference;
    }

    @Test
    void everyCallOfTheCasesIsReadBack() throws IOException {
        assumeTrue(Files.isDirectory(ReadBack.CHAT), "no reference data at " + ReadBack.CHAT);
        Map<String, ReadBack> templates = new TreeMap<>();
        ReadBack.all().forEach(each -> templates.put(each.name, each));
        List<String> differences = new ArrayList<>();
        int calls = 0;
        for (Map<String, Object> testCase : ReadBack.cases()) {
            String id = (String) testCase.get("id");
            ReadBack template = templates.get((String) testCase.get("template"));
            if (!id.endsWith("/gen") || DIFFERS.containsKey(template.name)) {
                continue;
            }
            List<?> messages = (List<?>) testCase.get("messages");
            for (int i = 0; i < messages.size(); i++) {
                if (((Map<?, ?>) messages.get(i)).containsKey("tool_calls")) {
                    String difference = difference(template, testCase, messages.subList(0, i + 1));
                    if (!difference.isEmpty() && CASES_DIFFER.stream().noneMatch(id::startsWith)) {
                        differences.add(id + ": " + difference);
                    }
                    calls++;
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(calls).isGreaterThan(600);
    }

    /** What differs in every form of the last message that the template takes. */
    private static String difference(
            ReadBack template, Map<String, Object> testCase, List<?> messages) {
        String difference = "";
        Map<String, Object> more = named((Map<?, ?>) testCase.get("kwargs"));
        for (Map<String, Object> form :
                Conversations.forms(named((Map<?, ?>) messages.getLast()))) {
            List<Object> changed = new ArrayList<>(messages);
            changed.set(changed.size() - 1, form);
            try {
                difference = template.readBack(changed, testCase.get("tools"), more);
                if (difference.isEmpty()) {
                    return "";
                }
            } catch (TextException e) {
                // The template refuses this form.
            }
        }
        return difference;
    }

    private static Map<String, Object> named(Map<?, ?> map) {
        Map<String, Object> result = new TreeMap<>();
        map.forEach((key, value) -> result.put((String) key, value));
        return result;
    }
}
