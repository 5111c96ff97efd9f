package dev.snoozy.engine;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A method that a model may call; see {@link Toolbox}. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Tool {
    /** What the method does, for the model. */
    String value();

    /** What the model calls it; by default the name of the method. */
    String name() default "";
}
