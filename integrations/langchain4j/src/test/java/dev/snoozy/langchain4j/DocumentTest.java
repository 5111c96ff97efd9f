package dev.snoozy.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page {@code docs/langchain4j.md} tells what is so. */
class DocumentTest {
    private static final Path PAGE = Path.of("docs/langchain4j.md");
    private static final Path EXAMPLES =
            Path.of("integrations/langchain4j/src/test/java/dev/snoozy/langchain4j/Examples.java");

    /** A line of the table of tests that do not run: kit, test, reason. */
    private static final Pattern NOT_RUN =
            Pattern.compile("\\| `(\\w+)` \\| `(\\w+)` \\| .{10,} \\|");

    private static final List<Class<?>> KITS =
            List.of(
                    ChatKitTest.class,
                    StreamingChatKitTest.class,
                    ListenerKitTest.class,
                    StreamingListenerKitTest.class,
                    EmbeddingKitTest.class,
                    AiServiceKitTest.class,
                    StreamingAiServiceKitTest.class,
                    AiServiceToolsKitTest.class,
                    AiServiceJsonKitTest.class);

    @Test
    void theExamplesOfThePageAreTheRegionsOfTheCode() throws IOException {
        List<String> page = blocks(Files.readString(Data.root().resolve(PAGE)));
        String code = Files.readString(Data.root().resolve(EXAMPLES));
        assertThat(page).isNotEmpty().isSubsetOf(regions(code));
    }

    private static List<String> blocks(String page) {
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(page);
        return block.results().map(found -> lines(found.group(1))).toList();
    }

    private static List<String> regions(String code) {
        Matcher region =
                Pattern.compile("// @start region=\"\\w+\"\n(.*?) *// @end", Pattern.DOTALL)
                        .matcher(code);
        return region.results().map(found -> lines(found.group(1))).toList();
    }

    /** At the left margin. */
    private static String lines(String code) {
        return code.stripTrailing().stripIndent().strip();
    }

    @Test
    void everyTestOfTheKitsThatDoesNotRunStandsInTheTableWithItsReason() throws Exception {
        SortedSet<String> table = new TreeSet<>();
        Matcher line = NOT_RUN.matcher(Files.readString(Data.root().resolve(PAGE)));
        while (line.find()) {
            table.add(line.group(1) + "." + line.group(2));
        }
        SortedSet<String> left = new TreeSet<>();
        for (Class<?> kit : KITS) {
            left.addAll(notRun(kit));
        }
        assertThat(table).isEqualTo(left);
    }

    private static List<String> notRun(Class<?> test) throws ReflectiveOperationException {
        Constructor<?> constructor = test.getDeclaredConstructor();
        List<String> left = new ArrayList<>();
        Object instance = constructor.newInstance();
        Class<?> kit = test.getSuperclass();
        for (Class<?> type = kit; type != Object.class; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                boolean isTest =
                        method.isAnnotationPresent(Test.class)
                                || method.isAnnotationPresent(ParameterizedTest.class);
                if (isTest && !runs(instance, method)) {
                    left.add(kit.getSimpleName() + "." + method.getName());
                }
            }
        }
        close(instance);
        return left;
    }

    private static boolean runs(Object test, Method method) throws ReflectiveOperationException {
        EnabledIf enabled = method.getAnnotation(EnabledIf.class);
        DisabledIf disabled = method.getAnnotation(DisabledIf.class);
        return (enabled == null || answer(test, enabled.value()))
                && (disabled == null || !answer(test, disabled.value()));
    }

    private static boolean answer(Object test, String question)
            throws ReflectiveOperationException {
        for (Class<?> type = test.getClass(); type != null; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().equals(question) && method.getParameterCount() == 0) {
                    method.setAccessible(true);
                    return (Boolean) method.invoke(test);
                }
            }
        }
        throw new IllegalStateException("the kit has no method " + question);
    }

    /** The listeners' kits load their model only when they run. */
    private static void close(Object test) throws ReflectiveOperationException {
        for (Method method : test.getClass().getDeclaredMethods()) {
            if (method.getName().equals("close") && !Modifier.isStatic(method.getModifiers())) {
                method.setAccessible(true);
                method.invoke(test);
            }
        }
    }
}
