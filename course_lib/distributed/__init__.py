"""Many machines, one result: MapReduce, Spark's resilient distributed data sets, and the real Spark beside them.

    from course_lib.distributed import mapreduce, rdd, spark

`mapreduce` runs on processes of its own, `rdd` in this one, `spark` on PySpark, which is imported where it is used.
`engines` puts the last two side by side, also on a machine that has no Java.
"""
