/* What pdq.c gives to the module. */
#ifndef EVENHAND_PDQ_H
#define EVENHAND_PDQ_H
#include <Python.h>
PyObject *pdq_cosines(PyObject *module, PyObject *arguments);
#endif
